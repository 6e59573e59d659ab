import { defineConfig } from 'vitest/config'

// Vitest hands these to Node too, for which 'import' or 'default' among them would break every require().
const conditions = ['@cairn/source', 'node']

// All files share one system, one after the other: what one of them makes must not move under another's eyes.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['e2e/pages/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['e2e/pages/src/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    // As long as Playwright waits: on a busy machine a second is short.
    expect: { poll: { timeout: 15_000 } },
  },
})
