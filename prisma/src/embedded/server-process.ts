import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Identity } from './identity.ts'
import { userOf } from './initialise.ts'

/**
 * The server's guard: it stops the server (fast, clean) when its own standard input ends, which is when we close it, or when
 * this process is killed. So a killed parent leaves no server behind.
 */
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
(cat <&3 >/dev/null; kill -INT $server) & guard=$!
exec 3<&-
wait $server; code=$?
kill $guard 2>/dev/null
exit $code`

export interface ServerProcess {
  /** The last lines that the server wrote, for an error message. */
  lastLines: string[]
  hasExited(): boolean
  exited: Promise<void>
  stop(): Promise<void>
}

export function spawnServer(command: string[], options: { identity: Identity; cwd: string; log: (line: string) => void }): ServerProcess {
  const { identity, cwd, log } = options
  const child: ChildProcess = spawn('/bin/sh', ['-c', GUARD, 'postgres-guard', ...identity.prefix, ...command], {
    cwd,
    // Its own session: Ctrl-C in the terminal reaches this process alone, which stops the parts in order.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(identity.prefix.length > 0 ? {} : userOf(identity)),
  })
  const lastLines: string[] = []
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      log(line)
    })
  }
  child.stdin?.on('error', () => {})
  let gone = false
  const note = () => {
    gone = true
  }
  const exited = once(child, 'exit').then(note, note)
  return {
    lastLines,
    hasExited: () => gone,
    exited,
    async stop() {
      child.stdin?.end()
      await exited
      child.stdin?.destroy()
    },
  }
}
