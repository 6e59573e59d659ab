import { existsSync } from 'node:fs'
import { Cairn } from '@cairn/sdk'

/**
 * A worker whose one agent, AGENT, writes a letter: it can't send before the file POST is there, and with `approve` it waits for a person
 * in between.
 */
const cairn = new Cairn()
const letter = cairn.agent(
  { name: process.env.AGENT ?? 'letter', version: '1', recovery: { mode: 'manual' } },
  async (run, input: { approve?: boolean }) => {
    run.state.to = 'ada'
    const draft = await run.step('draft', () => ({ pages: 2 }))
    const approval = input.approve ? await run.signal('approval') : null
    const sent = await run.step('send', () => {
      if (!existsSync(process.env.POST ?? '')) throw new Error('the post office is closed')
      return `${draft.pages} pages to ${run.state.to}`
    })
    return { sent, approval }
  },
)
await cairn.serve([letter])
process.send?.({ type: 'ready' })
