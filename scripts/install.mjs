// Runs on any Node from 20 on, with nothing installed: no imports but Node's own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The Node 24 that comes with the repository, whatever the system has. */
export const node = join(root, 'node_modules', '.bin', 'node')

const stamp = join(root, 'node_modules', '.cairn-installed')

/** Installs the packages unless what the lock file names is installed already. */
export function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Installing packages (a minute or two the first time) …\n')
  // Not `npm ci`: it refuses a lock file without the binaries of platforms that the registry of its writer didn't have.
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) {
    process.stderr.write('npm install failed: see its message above. Cairn needs the npm registry for the first start.\n')
    process.exit(status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

/**
 * Runs a program with the repository's Node and tools first on the PATH.
 * @returns its exit code
 */
export function run(command, args, options = {}) {
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
    NEXT_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    ...options.env,
  }
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options, env })
  if (error) throw error
  return signal ? 1 : (status ?? 1)
}

/** Runs a program and leaves with its exit code if that isn't 0. */
export function must(command, args, options) {
  const code = run(command, args, options)
  if (code !== 0) process.exit(code)
}
