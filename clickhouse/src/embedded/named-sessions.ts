import { CODES, raise } from './exception.ts'
import { EngineSession } from './session-pool.ts'

interface Named {
  readonly session: EngineSession
  busy: boolean
  timer: NodeJS.Timeout | undefined
}

const MOST = 16
const MAX_TIMEOUT_S = 3_600

/** HTTP sessions: requests with the same `session_id` share a connection, and so its temporary tables and settings. */
export class NamedSessions {
  readonly #path: string
  readonly #sessions = new Map<string, Named>()

  constructor(path: string) {
    this.#path = path
  }

  async use<T>(id: string, options: { mustExist: boolean; timeoutS: number }, work: (session: EngineSession) => Promise<T>): Promise<T> {
    const named = this.#sessions.get(id) ?? this.#open(id, options.mustExist)
    if (named.busy) throw raise(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`)
    named.busy = true
    clearTimeout(named.timer)
    try {
      return await work(named.session)
    } catch (error) {
      // What a query cut off left in the connection would reach the next result.
      this.#drop(id)
      throw error
    } finally {
      named.busy = false
      if (this.#sessions.has(id)) {
        named.timer = setTimeout(() => this.#drop(id), Math.min(options.timeoutS, MAX_TIMEOUT_S) * 1_000)
        named.timer.unref()
      }
    }
  }

  #open(id: string, mustExist: boolean): Named {
    if (mustExist) throw raise(CODES.unknownSession, 'SESSION_NOT_FOUND', `Session ${id} not found`)
    if (this.#sessions.size >= MOST)
      throw raise(
        CODES.tooManyQueries,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `The embedded engine keeps at most ${MOST} sessions; wait for one to time out`,
      )
    const named: Named = { session: new EngineSession(this.#path), busy: false, timer: undefined }
    this.#sessions.set(id, named)
    return named
  }

  #drop(id: string): void {
    this.#sessions.get(id)?.session.session.close()
    this.#sessions.delete(id)
  }

  close(): void {
    for (const id of [...this.#sessions.keys()]) this.#drop(id)
  }
}
