// One benchmark by its name: `npm run bench -- steps`. bench/README.md lists them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, must, node, root } from './install.mjs'

const [name, ...rest] = process.argv.slice(2)
const file = join(root, 'bench', `${name}.bench.ts`)
if (!name || !/^[\w-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(join(root, 'bench')).flatMap((entry) => entry.match(/^(.+)\.bench\.ts$/)?.[1] ?? [])
  process.stderr.write(`Usage: npm run bench -- NAME\nBenchmarks: ${names.join(', ')}. bench/README.md says what each measures.\n`)
  process.exit(1)
}
ensureInstalled()
for (const part of ['prisma', 'sdk']) must('npm', ['run', 'build', '-w', `@cairn/${part}`, '--silent'])
// Those that look at pages.
const env = ['trace-view', 'pages'].includes(name) ? { CAIRN_TEST_CHROMIUM: ensureChromium() } : {}
must(node, ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', file, ...rest], { env })
