// Every test: unit, real Postgres, real ClickHouse, real browser, crash tests. Arguments are passed on to Vitest.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, must, root, run } from './install.mjs'

ensureInstalled()
const chromium = ensureChromium()
must('npm', ['run', 'build', '--silent'])
const folder = mkdtempSync(join(tmpdir(), 'cairn-tests-'))
const failures = join(folder, 'failed.txt')
writeFileSync(failures, '')
const args = ['--reporter=default', `--reporter=${join(root, 'scripts', 'failed-tests-reporter.mjs')}`]
args.push('--passWithNoTests', ...process.argv.slice(2))
const env = { CAIRN_TEST_CHROMIUM: chromium, CAIRN_FAILED_TESTS: failures }
const codes = ['vitest.config.ts', 'vitest.e2e.config.ts', 'vitest.pages.config.ts'].map((config) =>
  run('vitest', ['run', '--config', config, ...args], { env }),
)
const failed = readFileSync(failures, 'utf8')
rmSync(folder, { recursive: true })
process.stdout.write(failed === '' ? '' : `\nWhat failed:\n${failed}`)
process.exit(codes.find((code) => code !== 0) ?? 0)
