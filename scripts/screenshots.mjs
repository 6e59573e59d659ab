// `npm run screenshots [-- FOLDER]`: every page, full and empty, light and dark, into docs/images. To be looked at before they are committed.
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, must, node } from './install.mjs'

ensureInstalled()
const chromium = ensureChromium()
must('npm', ['run', 'build', '--silent'])
must(node, ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', 'e2e/screenshots/main.ts', ...process.argv.slice(2)], {
  env: { CAIRN_TEST_CHROMIUM: chromium },
})
