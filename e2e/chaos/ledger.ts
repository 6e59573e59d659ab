import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const Entry = z.object({
  run: z.string(),
  step: z.string(),
  execution: z.number(),
  /** When it happened, by the clock that all processes of this machine share: milliseconds since 1970. */
  at: z.number(),
  pid: z.number().optional(),
  value: z.string().optional(),
})

interface StepRecord {
  /** Executions in which the body began. */
  readonly began: number[]
  /** What the agent got, at the first time, and when. */
  value: string | undefined
  ackedAt: number
}

export interface Violation {
  readonly kind: 'repeated' | 'changed'
  readonly run: string
  readonly step: string
  readonly what: string
}

/** A step's body began in a process, or its value came back to the agent. The process waits there until what is returned is over. */
export type OnEvent = (event: { run: string; step: string; execution: number; pid: number }) => void | Promise<void>

/** The outside world: sees every effect of every step, and is never killed. */
export class Ledger {
  readonly violations: Violation[] = []
  readonly #runs = new Map<string, Map<string, StepRecord>>()
  readonly #onBegan: OnEvent
  readonly #onAcked: OnEvent
  readonly #server = createServer((request, response) => {
    readJson(request)
      .then((body) => this.#receive(request.url ?? '', Entry.parse(body)))
      .then(
        (answer) => response.end(answer),
        () => response.writeHead(400).end(),
      )
  })

  constructor(onBegan: OnEvent, onAcked: OnEvent = () => {}) {
    this.#onBegan = onBegan
    this.#onAcked = onAcked
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** What the agent must have returned: the first value that each step gave it. */
  valuesOf(run: string): ReadonlyMap<string, StepRecord> {
    return this.#runs.get(run) ?? new Map()
  }

  async #receive(url: string, { run, step, execution, at, pid = 0, value }: z.infer<typeof Entry>): Promise<string> {
    const steps = this.#runs.get(run) ?? new Map<string, StepRecord>()
    this.#runs.set(run, steps)
    const record = steps.get(step) ?? { began: [], value: undefined, ackedAt: Number.POSITIVE_INFINITY }
    steps.set(step, record)
    if (url === '/began') {
      if (at > record.ackedAt) {
        const what = `began in execution ${execution}, ${(at - record.ackedAt).toFixed(1)} ms after it had come back; executions ${record.began}`
        this.violations.push({ kind: 'repeated', run, step, what })
      }
      record.began.push(execution)
      await this.#onBegan({ run, step, execution, pid })
      return randomUUID()
    }
    record.ackedAt = Math.min(record.ackedAt, at)
    if (record.value === undefined) record.value = value
    else if (record.value !== value)
      this.violations.push({ kind: 'changed', run, step, what: `gave ${value} in execution ${execution} and ${record.value} before` })
    await this.#onAcked({ run, step, execution, pid })
    return ''
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
