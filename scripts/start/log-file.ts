import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs'

const MAX_BYTES = 10 * 1024 * 1024

/** A child's log, bounded: a full one becomes `.1`, and the one before that is dropped. */
export class LogFile {
  readonly path: string
  #bytes: number

  constructor(path: string) {
    this.path = path
    this.#bytes = existsSync(path) ? statSync(path).size : 0
  }

  write(text: string): void {
    if (this.#bytes > MAX_BYTES) {
      renameSync(this.path, `${this.path}.1`)
      this.#bytes = 0
    }
    try {
      appendFileSync(this.path, text, { mode: 0o600 })
      this.#bytes += Buffer.byteLength(text)
    } catch {
      // A full disk must not take the system down for its logs.
    }
  }

  /** Its last lines, to show with an error. */
  tail(lines = 12): string {
    if (!existsSync(this.path)) return ''
    return readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  }
}
