import { defineConfig } from 'vitest/config'

// Vitest hands these to Node too, for which 'import' or 'default' among them would break every require().
const conditions = ['@cairn/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{sdk,prisma,clickhouse,collector,cli,web,examples,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
    globalSetup: ['prisma/src/testing/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
