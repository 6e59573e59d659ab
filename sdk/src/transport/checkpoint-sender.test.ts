import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CheckpointSender } from './checkpoint-sender.ts'
import type { CheckpointSocket } from './checkpoint-socket.ts'
import { HttpClient } from './http-client.ts'

interface Sent {
  readonly runId: string
  readonly key: string
}

/** A connection that answers when it pleases, and tells what is under way. */
class SlowSocket {
  readonly isOpen = true
  readonly arrived: Sent[] = []
  mostInFlight = 0
  sharedARun = false
  readonly #inFlight = new Map<string, Set<string>>()
  readonly #delays: number[]

  constructor(delays: number[]) {
    this.#delays = delays
  }

  async send(fields: string): Promise<unknown> {
    const { checkpoints, emitted } = JSON.parse(`{${fields}}`) as { checkpoints: Sent[]; emitted: Sent[] }
    const runs = new Set([...checkpoints, ...emitted].map(({ runId }) => runId))
    for (const others of this.#inFlight.values()) this.sharedARun ||= [...runs].some((run) => others.has(run))
    this.#inFlight.set(fields, runs)
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight.size)
    this.arrived.push(...checkpoints)
    await delay(this.#delays.shift() ?? 0)
    this.#inFlight.delete(fields)
    const answer = ({ runId, key }: Sent) => ({ runId, key, status: 200, control: null })
    return { id: 0, results: checkpoints.map(answer), emitted: emitted.map(answer) }
  }

  close(): void {}
}

it('keeps the items of a run in order, whatever answers first, and a few requests under way', async () => {
  const script = fc.array(fc.record({ run: fc.integer({ min: 0, max: 5 }), pause: fc.boolean() }), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(script, fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }), async (items, delays) => {
      const socket = new SlowSocket([...delays])
      const sender = new CheckpointSender(new HttpClient({ url: 'http://127.0.0.1:1' }), {
        socket: socket as unknown as CheckpointSocket,
        waitMs: 1_000,
        journalAfterMs: 1_000,
        journal: null,
      })
      const answers: Promise<unknown>[] = []
      for (const [i, { run, pause }] of items.entries()) {
        const runId = `run-${run}`
        answers.push(sender.send(runId, 'checkpoints', JSON.stringify({ runId, key: String(i) })))
        if (pause) await delay(0)
      }
      expect(await Promise.all(answers)).toEqual(items.map(() => ({ control: null })))
      for (let run = 0; run <= 5; run++) {
        const expected = items.flatMap((item, i) => (item.run === run ? [String(i)] : []))
        expect(socket.arrived.filter(({ runId }) => runId === `run-${run}`).map(({ key }) => key)).toEqual(expected)
      }
      expect(socket.sharedARun).toBe(false)
      expect(socket.mostInFlight).toBeLessThanOrEqual(3)
    }),
    { numRuns: 60 },
  )
})
