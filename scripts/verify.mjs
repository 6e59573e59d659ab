// Format, lint, types, unused code: under a minute, no database.
import { existsSync } from 'node:fs'
import { ensureInstalled, must } from './install.mjs'

ensureInstalled()
must('npm', ['run', 'build', '-w', '@cairn/prisma', '--silent'])
must('npm', ['run', 'build', '-w', '@cairn/sdk', '--silent'])
must('biome', ['check', '.'])
for (const workspace of ['sdk', 'prisma', 'clickhouse', 'collector', 'cli', 'web', 'examples', 'bench', 'e2e', 'scripts']) {
  if (existsSync(`${workspace}/tsconfig.json`)) must('tsc', ['-p', workspace])
}
must('knip', [])
