import { CommanderError } from 'commander'
import { CliError, EXIT_CODES } from './errors.ts'
import { makeProgram } from './program.ts'
import type { Terminal } from './terminal.ts'
import { escapeBlock, toSafeJson } from './text/escape.ts'
import { COLOURED, hasColours, PLAIN } from './text/style.ts'

const interrupt = new AbortController()
const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  signal: interrupt.signal,
}

// The first Ctrl-C ends things in order, the second at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(EXIT_CODES.interrupted)
    interrupt.abort()
  })
// `cairn … | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT_CODES.ok : EXIT_CODES.failure))

try {
  await makeProgram(terminal).parseAsync(process.argv)
} catch (error) {
  process.exitCode = report(error)
}
// Connections that are kept open for a next request must not keep a process that has nothing left to say.
process.stdout.write('', () => process.exit())

/** Says what went wrong: with --json as the collector words its errors, else for people. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage
  if (interrupt.signal.aborted && !(error instanceof CliError)) return EXIT_CODES.interrupted
  const style = hasColours(process.stderr.isTTY === true, process.env) ? COLOURED : PLAIN
  const known =
    error instanceof CliError ? error : new CliError('failure', error instanceof Error ? error.message : String(error), { cause: error })
  const { code, message, remedy, answer } = known
  if (process.argv.includes('--json')) {
    const body = {
      code: answer?.code ?? code,
      message,
      ...(remedy === undefined ? {} : { remedy }),
      ...(answer?.details === undefined ? {} : { details: answer.details }),
    }
    process.stderr.write(`${toSafeJson({ error: body })}\n`)
  } else {
    process.stderr.write(`${style(code === 'interrupted' ? 'dim' : 'red', escapeBlock(message))}\n`)
    if (remedy !== undefined) process.stderr.write(`${style('dim', `→ ${escapeBlock(remedy)}`)}\n`)
    if (!(error instanceof CliError) && process.env.CAIRN_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`)
  }
  return EXIT_CODES[code]
}
