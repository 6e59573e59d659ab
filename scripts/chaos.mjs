// `npm run chaos -- --kills 1000`: kills processes at random and checks what a run promises. docs/reliability.md has figures.
import { ensureInstalled, must, node } from './install.mjs'

ensureInstalled()
must('npm', ['run', 'build', '-w', '@cairn/prisma', '--silent'])
must(node, ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', 'e2e/chaos/main.ts', ...process.argv.slice(2)])
