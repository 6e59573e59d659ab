import { Session } from 'chdb'
import { CODES, raise } from './exception.ts'

const MAX_WAITING = 200

/** A connection to the engine with what was set on it, so that the same settings are not set again for every query. */
export class EngineSession {
  readonly session: Session
  #database = 'default'
  #settings = new Map<string, string>()

  constructor(path: string) {
    this.session = new Session(path)
  }

  /** Brings the connection to a database and settings; what a query before it set goes back to its default. */
  async prepare(database: string, settings: ReadonlyMap<string, string>): Promise<void> {
    if (database !== this.#database) {
      await this.session.queryAsync(`USE ${quoteName(database)}`)
      this.#database = database
    }
    const changes = [
      ...[...this.#settings.keys()].filter((name) => !settings.has(name)).map((name) => `${name} = DEFAULT`),
      ...[...settings]
        .filter(([name, value]) => this.#settings.get(name) !== value)
        .map(([name, value]) => `${name} = ${quoteText(value)}`),
    ]
    if (changes.length === 0) return
    // One at a time: a name that the engine refuses must not leave us in doubt about the others.
    for (const change of changes) {
      await this.session.queryAsync(`SET ${change}`)
      const [name = ''] = change.split(' = ')
      const value = settings.get(name)
      if (value === undefined) this.#settings.delete(name)
      else this.#settings.set(name, value)
    }
  }
}

const quoteName = (name: string) => `\`${name.replace(/[`\\]/g, '\\$&')}\``
const quoteText = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`

/** One query at a time for each connection; several connections run side by side; what waits is bounded. */
export class SessionPool {
  readonly #path: string
  readonly #size: number
  readonly #free: EngineSession[]
  readonly #waiting: ((session: EngineSession) => void)[] = []
  #closed = false

  constructor(path: string, size: number) {
    this.#path = path
    this.#size = size
    this.#free = Array.from({ length: size }, () => new EngineSession(path))
  }

  async use<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.#acquire()
    try {
      const result = await work(session)
      this.#release(session)
      return result
    } catch (error) {
      // A query cut off leaves the begin of its output in the connection, which the next result would carry: start afresh.
      session.session.close()
      if (!this.#closed) this.#release(new EngineSession(this.#path))
      throw error
    }
  }

  #release(session: EngineSession): void {
    const next = this.#waiting.shift()
    if (next !== undefined) next(session)
    else if (this.#closed) session.session.close()
    else this.#free.push(session)
  }

  #acquire(): Promise<EngineSession> {
    const session = this.#free.pop()
    if (session !== undefined) return Promise.resolve(session)
    if (this.#waiting.length >= MAX_WAITING)
      throw raise(
        CODES.tooManyQueries,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries. Maximum: ${this.#size + MAX_WAITING}`,
      )
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#closed = true
    for (const { session } of this.#free.splice(0)) session.close()
  }
}
