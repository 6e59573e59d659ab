import { join } from 'node:path'
import { readConfig, StartError } from './config.ts'
import { lockDataDir, readSecrets } from './data-dir.ts'
import { checkPorts } from './ports.ts'
import { startSample } from './sample.ts'
import { Stopper, startSystem } from './system.ts'

const root = join(import.meta.dirname, '..', '..')
const stopper = new Stopper()
const startedAt = performance.now()

function say(line: string): void {
  process.stdout.write(`${clearLine()}${line}\n`)
}
let onOneLine = false
/** Progress stays on one line of a terminal; in a file each step is a line. */
function progress(line: string): void {
  if (!process.stdout.isTTY) {
    say(line)
    return
  }
  process.stdout.write(`\r\u001b[2K${line}`)
  onOneLine = true
}
function clearLine(): string {
  if (!onOneLine) return ''
  onOneLine = false
  return '\r\u001b[2K'
}

let stopping: Promise<never> | undefined
/** Stops everything in reverse order, within 15 s. */
function stop(code: number): Promise<never> {
  stopping ??= (async () => {
    if (!stopper.isEmpty) say('Stopping …')
    setTimeout(() => process.exit(1), 15_000)
    const clean = await stopper.stop(say)
    unlock()
    process.exit(clean ? code : 1)
  })()
  return stopping
}

let unlock = () => {}
// From a terminal Ctrl-C comes here and to the process above, which passes it on: only one much later is a second wish.
let asked: number | undefined
function onSignal(): void {
  if (asked !== undefined && performance.now() - asked > 1_000) process.exit(1)
  asked ??= performance.now()
  void stop(0)
}
process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
process.on('message', () => void stop(0))
process.on('disconnect', () => void stop(0))

try {
  const config = readConfig(process.argv.slice(2), process.env)
  unlock = lockDataDir(config.dataDir)
  await checkPorts(config)
  const secrets = readSecrets(config)
  const system = await startSystem({
    root,
    config,
    secrets,
    stopper,
    say,
    onStoreLost: (name, log) => {
      if (stopping !== undefined) return
      say(`${name} ended. Nothing works without it, so Cairn stops. Its log (${log.path}) ends:\n${log.tail()}`)
      void stop(1)
    },
  })
  // Sample runs mostly wait for their models: they are made while the web is being built.
  const [sampleMade] = await Promise.all([
    config.sample && startSample({ root, config, system, stopper, say, progress }),
    system.startWeb(),
  ])
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
  say(`
  Cairn runs (started in ${seconds} s).

    Page         ${system.webUrl}
    Sign in      ${secrets.adminEmail}
    Password     ${secrets.adminPassword}
    Collector    ${system.collectorUrl}   (OTLP and API)
    Project key  ${secrets.projectKey}
                 also in ${join(config.dataDir, 'project-key')}
${sampleMade ? '\n  A sample run died at step 12 of 15: open it on the page and press Resume.\n' : ''}
  Ctrl-C stops all of it.
`)
} catch (error) {
  // What was being started when the stop came has failed, as it must.
  if (stopping !== undefined) await stopping
  const text = error instanceof StartError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${clearLine()}${text}\n`)
  await stop(1)
}
