import { defineConfig } from 'vitest/config'

const conditions = ['@cairn/source', 'node', 'import', 'module', 'default']

// One file after another: each starts the whole system, and the machine may have two cores.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
