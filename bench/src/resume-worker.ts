import { Cairn } from '@cairn/sdk'

/** Serves an agent of many steps; says when the first step runs that no checkpoint had. */
const startedAt = performance.timeOrigin
const cairn = new Cairn()
const importedAt = Date.now()
const agent = cairn.agent({ name: 'bench-resume', version: '1' }, async (run, input: { steps: number }) => {
  const claimedAt = Date.now()
  for (let i = 0; i < input.steps; i++) await run.step(`step/${i}`, () => null)
  await run.step('new', () => {
    process.send?.({
      type: 'first-new-step',
      importMs: importedAt - startedAt,
      claimMs: claimedAt - importedAt,
      replayMs: Date.now() - claimedAt,
      totalMs: Date.now() - startedAt,
      rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
    })
  })
})
await cairn.serve([agent])
