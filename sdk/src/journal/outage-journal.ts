import { utimes } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { CairnError, isAway } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import { CheckpointAnswer, type CheckpointResult } from '../protocol/step.ts'
import { sleepMs } from '../runtime/abort.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import type { HttpClient } from '../transport/http-client.ts'
import { JournalFile } from './journal-file.ts'
import { TOUCH_MS } from './journal-folder.ts'

/** One line of the journal: an item of the next batch of checkpoints, or a request of its own. */
export type JournalEntry =
  | { readonly list: 'checkpoints' | 'emitted'; readonly json: string }
  | { readonly post: string; readonly json: string }

/** What the collector said to an item sent late; the item as it was. */
export type LateAnswer = (result: CheckpointResult, item: { execution: number }) => void

const PROBE = { backoffMs: 100, maxBackoffMs: 2_000 }
const MAX_REQUEST_CHARS = 8 * 1024 * 1024
/** An answer that blames the collector or the key is not an entry's fault, unless it is always the same entry. */
const MOST_FAILURES = 20

/**
 * Keeps on disk, in order, what the collector must have and can't be told now, and tells it as soon as it is back. While it
 * holds anything, everything goes through it: so the order stays.
 */
export class OutageJournal {
  readonly #http: HttpClient
  readonly #file: JournalFile
  readonly #onAnswer: LateAnswer
  readonly #closed = new AbortController()
  #writing: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = []
  #flushing = false
  #sent = 0
  #draining: Promise<void> | null = null
  #refused: JournalFile | null = null
  #touch: NodeJS.Timeout | null = null
  #onAway: (() => void)[] = []

  constructor(http: HttpClient, path: string, onAnswer: LateAnswer) {
    this.#http = http
    this.#file = new JournalFile(path)
    this.#onAnswer = onAnswer
  }

  /** Whether anything waits in it for the collector. */
  get isHolding(): boolean {
    return this.#draining !== null || this.#writing.length > 0 || this.#flushing
  }

  /** Takes up what another process left, and begins to send it. */
  async adopt(): Promise<void> {
    await this.#file.openExisting()
    this.#startDraining()
  }

  /** Done when the entry is on the disk. @throws what the file system says */
  append(entry: JournalEntry): Promise<void> {
    const head = 'list' in entry ? `{"list":"${entry.list}","item":` : `{"post":${JSON.stringify(entry.post)},"body":`
    return new Promise((resolve, reject) => {
      this.#writing.push({ line: `${head}${entry.json}}`, resolve, reject })
      if (!this.#flushing) void this.#flush()
    })
  }

  /** Done when it holds nothing any more, or after `timeoutMs`. Never rejects. */
  async drained(timeoutMs = Number.POSITIVE_INFINITY): Promise<void> {
    const limit = new AbortController()
    const late = Number.isFinite(timeoutMs) ? sleepMs(timeoutMs, limit.signal).catch(() => {}) : new Promise<void>(() => {})
    await Promise.race([this.#allSent(), late])
    limit.abort()
  }

  /** Done when it holds nothing any more, or the collector turns out to be away. Never rejects. */
  async drainedOrAway(): Promise<void> {
    const away = new Promise<void>((resolve) => this.#onAway.push(resolve))
    await Promise.race([this.#allSent(), away])
  }

  /** Tries a last time, and leaves what is left to the next process that starts. */
  async close(timeoutMs: number): Promise<void> {
    await this.drained(timeoutMs)
    this.#closed.abort()
    await this.#draining
    if (this.#touch !== null) clearInterval(this.#touch)
    if (this.#sent < this.#file.bytes) {
      diag.warn(`Cairn: checkpoints that the collector has not got yet are in ${this.#file.path}; the next start sends them.`)
      await this.#file.close()
    } else await this.#file.remove()
    await this.#refused?.close()
  }

  async #allSent(): Promise<void> {
    while (this.isHolding) {
      await this.#draining
      if (this.#closed.signal.aborted) return
      await new Promise(setImmediate)
    }
  }

  async #flush(): Promise<void> {
    this.#flushing = true
    while (this.#writing.length > 0) {
      const group = this.#writing.splice(0)
      try {
        const lines = group.map((waiting) => waiting.line)
        await this.#file.append(lines, true)
        for (const { resolve } of group) resolve()
        this.#startDraining()
      } catch (error) {
        for (const { reject } of group) reject(this.#cannotKeep(error))
      }
    }
    this.#flushing = false
  }

  #cannotKeep(error: unknown): CairnError {
    const message = `The collector is away, and the journal ${this.#file.path} can't be written (${messageOf(error)}). Set CAIRN_JOURNAL_DIR to a folder that can.`
    return new CairnError('journal_failed', message, { cause: error })
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null
      // Something may have been written just as it ended.
      if (this.#sent < this.#file.bytes && !this.#closed.signal.aborted) this.#startDraining()
    })
    this.#touch ??= setInterval(() => {
      const now = new Date()
      if (this.#file.bytes > 0) utimes(this.#file.path, now, now).catch(() => {})
    }, TOUCH_MS).unref()
  }

  async #drain(): Promise<void> {
    for (let failures = 0; !this.#closed.signal.aborted; ) {
      const { lines, next } = await this.#file.read(this.#sent)
      if (lines.length === 0) break
      try {
        for (const group of toRequests(lines)) {
          await this.#send(group, failures)
          this.#sent += group.bytes
          failures = 0
        }
        this.#sent = next
      } catch (error) {
        for (const resolve of this.#onAway.splice(0)) resolve()
        if (failures++ === 0)
          diag.warn(`Cairn: the collector can't be reached (${messageOf(error)}); what it must know is kept in ${this.#file.path}.`)
        await sleepMs(backoffDelayMs(PROBE, Math.min(failures, 8)), this.#closed.signal, { ref: false }).catch(() => {})
      }
    }
    // Between the last read and here nothing was appended: there was no await.
    if (this.#sent > 0 && this.#sent === this.#file.bytes && this.#writing.length === 0 && !this.#flushing) {
      await this.#file.clear()
      this.#sent = 0
    }
  }

  /** @throws when the collector is away; what it refuses for good is put aside */
  async #send(request: LateRequest, failures: number): Promise<void> {
    if (request.lines.length === 0) return
    try {
      const { body } = await this.#http.request({ method: 'POST', path: request.path, body: request.body, retryForMs: 0 })
      if (request.items === null) return
      const { results } = CheckpointAnswer.parse(body)
      const checkpoints = request.items.filter((item) => item.list === 'checkpoints')
      for (const [i, result] of results.entries()) await this.#answered(result, checkpoints[i])
    } catch (error) {
      if (isAway(error) || (isOurs(error) && failures < MOST_FAILURES)) throw error
      // A refusal names no item: sent one by one, only the one that is at fault is put aside.
      if (request.lines.length > 1)
        for (const line of request.lines) for (const single of toRequests([line])) await this.#send(single, failures)
      else await this.#putAside(request.lines[0] ?? '', error)
    }
  }

  async #answered(result: CheckpointResult, item: Item | undefined): Promise<void> {
    if (item === undefined) return
    if (result.status >= 300 && result.error?.code !== 'stale_execution')
      await this.#putAside(item.line, new CairnError('invalid_request', result.error?.message ?? `refused with ${result.status}`))
    this.#onAnswer(result, { execution: Number(item.value.execution) })
  }

  async #putAside(line: string, error: unknown): Promise<void> {
    if (error instanceof CairnError && error.code === 'stale_execution') return
    diag.error(
      `Cairn: the collector refused an entry of the journal for good, it is kept in ${this.#file.path}.refused: ${messageOf(error)}`,
    )
    this.#refused ??= new JournalFile(`${this.#file.path}.refused`)
    await this.#refused.append([line], true).catch(() => {})
  }
}

interface Item {
  readonly list: 'checkpoints' | 'emitted'
  readonly value: { readonly execution?: unknown }
  readonly line: string
}

interface LateRequest {
  readonly path: string
  readonly body: string
  /** Null for a request that is not a batch. */
  readonly items: readonly Item[] | null
  readonly lines: readonly string[]
  readonly bytes: number
}

/** Neighbouring items share a request; the order of everything stays. */
function toRequests(lines: readonly string[]): LateRequest[] {
  const requests: LateRequest[] = []
  let batch: Item[] = []
  let chars = 0
  const seal = (): void => {
    if (batch.length > 0) requests.push(toBatch(batch))
    batch = []
    chars = 0
  }
  for (const line of lines) {
    const entry = parseLine(line)
    if (entry === undefined) {
      seal()
      requests.push({ path: '', body: '', items: null, lines: [], bytes: bytesOf(line) })
      continue
    }
    if ('post' in entry) {
      seal()
      requests.push({ path: entry.post, body: JSON.stringify(entry.body), items: null, lines: [line], bytes: bytesOf(line) })
      continue
    }
    if (batch.length >= LIMITS.checkpointsPerRequest || chars + line.length > MAX_REQUEST_CHARS) seal()
    batch.push({ list: entry.list, value: entry.item, line })
    chars += line.length
  }
  seal()
  return requests
}

function toBatch(items: readonly Item[]): LateRequest {
  const of = (list: Item['list']) => items.filter((item) => item.list === list).map((item) => item.value)
  const lines = items.map((item) => item.line)
  return {
    path: '/api/v1/checkpoints',
    body: JSON.stringify({ checkpoints: of('checkpoints'), emitted: of('emitted') }),
    items,
    lines,
    bytes: lines.reduce((sum, line) => sum + bytesOf(line), 0),
  }
}

const bytesOf = (line: string): number => Buffer.byteLength(line) + 1

type Parsed = { post: string; body: unknown } | { list: Item['list']; item: Item['value'] }

function parseLine(line: string): Parsed | undefined {
  try {
    return JSON.parse(line) as Parsed
  } catch {
    diag.error('Cairn: a damaged line of the journal was left out.')
    return undefined
  }
}

const isOurs = (error: unknown): boolean => error instanceof CairnError && (error.code === 'internal' || error.code === 'unauthorized')

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
