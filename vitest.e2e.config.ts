import { defineConfig } from 'vitest/config'

// Vitest hands these to Node too, for which 'import' or 'default' among them would break every require().
const conditions = ['@cairn/source', 'node']

// One file after another: each starts the whole system, and the machine may have two cores.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'e2e/pages/**'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
