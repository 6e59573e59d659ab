import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { toSafeJson } from './text/escape.ts'
import { COLOURED, hasColours, PLAIN, type Style } from './text/style.ts'

/** Streams and facts of the process, so that commands can be run anywhere. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly now: () => number
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

const NOT_A_TERMINAL_COLUMNS = 120
const NARROWEST = 20

/** Writes for people or for programs. */
export class Output {
  readonly terminal: Terminal
  readonly json: boolean
  readonly style: Style
  readonly errorStyle: Style
  constructor(terminal: Terminal, json: boolean) {
    this.terminal = terminal
    this.json = json
    this.style = hasColours(terminal.stdout.isTTY === true, terminal.env) ? COLOURED : PLAIN
    this.errorStyle = hasColours(terminal.stderr.isTTY === true, terminal.env) ? COLOURED : PLAIN
  }

  get columns(): number {
    const asked = Number(this.terminal.env.COLUMNS)
    const columns = this.terminal.stdout.columns ?? (asked > 0 ? asked : NOT_A_TERMINAL_COLUMNS)
    return Math.max(NARROWEST, columns)
  }

  /** Whether `columns` is what somebody sees, not a guess. */
  get knowsWidth(): boolean {
    return this.terminal.stdout.columns !== undefined || Number(this.terminal.env.COLUMNS) > 0
  }

  get isTty(): boolean {
    return this.terminal.stdout.isTTY === true
  }

  get now(): number {
    return this.terminal.now()
  }

  /** Lines for people: escaped already. */
  line(...lines: string[]): void {
    for (const line of lines) this.terminal.stdout.write(`${line}\n`)
  }

  /** One JSON document: indented for people who look, on one line for programs. */
  document(value: unknown): void {
    this.line(toSafeJson(value, this.isTty ? 2 : undefined))
  }

  /** One line of a JSON stream. */
  record(value: unknown): void {
    this.line(toSafeJson(value))
  }

  /** What isn't the answer: where it came from, what goes on. Nothing of it with --json. */
  note(line: string): void {
    if (!this.json) this.terminal.stderr.write(`${this.errorStyle('dim', line)}\n`)
  }

  async bytes(chunk: Uint8Array | string): Promise<void> {
    if (!this.terminal.stdout.write(chunk)) await once(this.terminal.stdout, 'drain')
  }

  /** Whether a person can be asked. */
  get canAsk(): boolean {
    return this.terminal.stdin.isTTY === true && this.terminal.stderr.isTTY === true && !this.json
  }

  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.terminal.stdin, output: this.terminal.stderr })
    try {
      return (await lines.question(question, { signal: this.terminal.signal })).trim()
    } finally {
      lines.close()
    }
  }
}
