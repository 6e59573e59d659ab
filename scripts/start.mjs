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
// A terminal's Ctrl-C reaches the child too: it stops everything in order, and this process waits for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGHUP', () => child.kill('SIGTERM'))
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
