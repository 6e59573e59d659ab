import { Cairn } from '@cairn/sdk'

/** Serves an agent of many steps; says when the first step runs that no checkpoint had. */
const cairn = new Cairn()
const agent = cairn.agent({ name: 'bench-resume', version: '1' }, async (run, input: { steps: number }) => {
  for (let i = 0; i < input.steps; i++) await run.step(`step/${i}`, () => null)
  await run.step('new', () => {
    process.send?.({ totalMs: Math.round(performance.now()), rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) })
  })
})
await cairn.serve([agent])
