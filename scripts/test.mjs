// Every test: unit, real Postgres, real ClickHouse, real browser, crash tests. Arguments are passed on to Vitest.
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, must, run } from './install.mjs'

ensureInstalled()
const chromium = ensureChromium()
must('npm', ['run', 'build', '--silent'])
const args = process.argv.slice(2)
const units = run('vitest', ['run', ...args])
const env = { CAIRN_TEST_CHROMIUM: chromium }
const e2e = run('vitest', ['run', '--config', 'vitest.e2e.config.ts', '--passWithNoTests', ...args], { env })
const pages = run('vitest', ['run', '--config', 'vitest.pages.config.ts', '--passWithNoTests', ...args], { env })
process.exit(units || e2e || pages)
