// `npm start` on any Node from 20 on: installs what is missing, then goes on under the repository's own Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, node, root } from './install.mjs'

ensureInstalled()
const child = spawn(
  node,
  ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', join(root, 'scripts/start/main.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
  },
)
// Whoever is asked to stop, npm, this process or the whole terminal: the child hears it, stops all in order, and is waited for.
const stop = () => child.connected && child.send('stop')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// npm killed outright passes nothing on.
const npm = process.ppid
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === npm || stop(), 1_000).unref()
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
