import { appendFileSync } from 'node:fs'
import { Cairn } from '@cairn/sdk'

/** A worker whose one agent pays: the ledger file is the other side, which sees each payment. PAY_HANGS: the answer never comes. */
const cairn = new Cairn()
const pay = cairn.agent({ name: 'pay', version: '1' }, async (run, amount: number) => {
  const order = await run.step('order', () => ({ amount }))
  const receipt = await run.step('transfer', { effect: 'once' }, async (step) => {
    appendFileSync(process.env.LEDGER ?? '', `${step.idempotencyKey}\n`)
    if (process.env.PAY_HANGS) await new Promise(() => setInterval(() => {}, 1_000))
    return `receipt for ${order.amount}`
  })
  return { receipt }
})
await cairn.serve([pay])
process.send?.({ type: 'ready' })
