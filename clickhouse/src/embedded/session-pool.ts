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
      ...[...settings].filter(([name, value]) => this.#settings.get(name) !== value).map(([name, value]) => `${name} = ${quoteText(value)}`),
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
  readonly #free: EngineSession[]
  readonly #all: EngineSession[]
  readonly #waiting: ((session: EngineSession) => void)[] = []

  constructor(path: string, size: number) {
    this.#all = Array.from({ length: size }, () => new EngineSession(path))
    this.#free = [...this.#all]
  }

  async use<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.#acquire()
    try {
      return await work(session)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(session)
      else next(session)
    }
  }

  #acquire(): Promise<EngineSession> {
    const session = this.#free.pop()
    if (session !== undefined) return Promise.resolve(session)
    if (this.#waiting.length >= MAX_WAITING)
      throw raise(CODES.tooManyQueries, 'TOO_MANY_SIMULTANEOUS_QUERIES', `Too many simultaneous queries. Maximum: ${this.#all.length + MAX_WAITING}`)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    for (const { session } of this.#all) session.close()
  }
}
