import { Cairn } from '@cairn/sdk'
import { ITEMS, type Order, ROUNDS, WIDTH } from './work.ts'

/**
 * A worker of the campaign. Each effect is told to the ledger, a process that is never killed: that a body began, and that its
 * step came back to the agent, which is when it must never run again.
 */
const { CHAOS_TELEMETRY, CHAOS_JOURNAL_AFTER_MS } = process.env
const cairn = new Cairn({
  telemetry: CHAOS_TELEMETRY !== '0',
  ...(CHAOS_JOURNAL_AFTER_MS === undefined ? {} : { journalAfterMs: Number(CHAOS_JOURNAL_AFTER_MS) }),
})
const ledger = process.env.LEDGER_URL ?? ''

async function tell(kind: 'began' | 'acked', entry: Readonly<Record<string, unknown>>): Promise<string> {
  // A process that is frozen here says it late; the effect was then.
  const at = Date.now()
  for (;;) {
    try {
      const answer = await fetch(`${ledger}/${kind}`, { method: 'POST', body: JSON.stringify({ ...entry, at }) })
      if (answer.ok) return await answer.text()
    } catch {
      // The ledger is busy: it is never killed.
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const agent = cairn.agent(
  { name: 'chaos', version: '1', steps: ROUNDS * (WIDTH + 1), recovery: { mode: 'auto', maxAttempts: 1_000, backoffMs: 50 } },
  async (run, order: Order): Promise<string[]> => {
    const step = async (key: string, ms: number): Promise<string> => {
      const value = await run.step('work', { key }, async ({ signal }) => {
        const token = await tell('began', { run: run.id, step: key, execution: run.execution, pid: process.pid })
        await new Promise((resolve) => setTimeout(resolve, ms))
        signal.throwIfAborted()
        return token
      })
      await tell('acked', { run: run.id, step: key, execution: run.execution, value })
      return value
    }
    const values: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      values.push(await step(`${round}/plan`, order.ms))
      values.push(...(await Promise.all(ITEMS.map((item) => step(`${round}/${item}`, order.ms * 2)))))
      run.state.round = round
    }
    return values
  },
)
await cairn.serve([agent], { capacity: 8 })
process.send?.({ type: 'ready' })
process.on('disconnect', () => process.exit(0))
