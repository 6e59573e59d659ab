import { diag } from '@opentelemetry/api'
import type { Config } from '../config.ts'
import type { HttpClient } from '../transport/http-client.ts'
import { adoptJournals, journalFolder, newJournalPath } from './journal-folder.ts'
import { type LateAnswer, OutageJournal } from './outage-journal.ts'

/** The journals of a process: its own, and those that earlier processes have left. */
export class CheckpointJournals {
  readonly #config: Config
  readonly #http: HttpClient
  readonly #left = new Set<OutageJournal>()
  #recovered: Promise<void> | null = null

  constructor(config: Config, http: HttpClient) {
    this.#config = config
    this.#http = http
  }

  /** A journal of this process. Its file is made with its first entry. */
  readonly open = (onAnswer: LateAnswer): OutageJournal =>
    new OutageJournal(this.#http, newJournalPath(journalFolder(this.#config), 'checkpoints'), onAnswer)

  /** Sends what earlier processes have left, before anything new is done. Where the collector is away it is sent later. */
  recover(): Promise<void> {
    this.#recovered ??= this.#recover()
    return this.#recovered
  }

  async close(): Promise<void> {
    await Promise.all([...this.#left].map((journal) => journal.close(0)))
  }

  async #recover(): Promise<void> {
    for (const path of await adoptJournals(journalFolder(this.#config), 'checkpoints')) {
      const journal = new OutageJournal(this.#http, path, () => {})
      try {
        await journal.adopt()
        this.#left.add(journal)
        void journal.drained().then(() => this.#done(journal))
      } catch (error) {
        diag.error(`Cairn: the journal ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    await Promise.all([...this.#left].map((journal) => journal.drainedOrAway()))
  }

  async #done(journal: OutageJournal): Promise<void> {
    if (this.#left.delete(journal)) await journal.close(0)
  }
}
