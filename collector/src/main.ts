import { type Collector, startCollector } from './collector.ts'
import { ConfigError, readConfig } from './config.ts'

const STOP_LIMIT_MS = 10_000

/** A person at a terminal reads this: no stack for what they can mend. */
function fail(error: unknown): never {
  const text =
    error instanceof ConfigError
      ? error.message
      : `The collector can't start: ${error instanceof Error ? (error.stack ?? error.message) : error}`
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

let collector: Collector
try {
  collector = await startCollector(readConfig())
} catch (error) {
  fail(error)
}
process.send?.({ type: 'ready', url: collector.url })

let stopping = false
async function stop(): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref()
  try {
    await collector.stop()
    process.exit(0)
  } catch (error) {
    collector.ctx.log.error({ err: error }, 'the stop was not clean')
    process.exit(1)
  }
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
// A supervisor that dies takes its children along.
process.on('disconnect', () => void stop())
