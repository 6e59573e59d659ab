import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES = [
  process.env.CAIRN_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const find = () => CANDIDATES.find((path) => path && existsSync(path))

/** Path of a Chromium for the browser tests; on Debian it is installed when it is missing. */
export function ensureChromium() {
  const found = find()
  if (found) return found
  if (existsSync('/usr/bin/apt-get')) {
    process.stderr.write('The browser tests need Chromium: installing Debian’s package …\n')
    const sudo = process.getuid?.() === 0 ? [] : ['sudo']
    for (const args of [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ]) {
      const [command, ...rest] = [...sudo, ...args]
      spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  }
  const installed = find()
  if (installed) return installed
  process.stderr.write('No Chromium found. Install one, or name it in CAIRN_TEST_CHROMIUM, then run npm test again.\n')
  process.exit(1)
}
