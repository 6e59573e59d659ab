import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm'

const ROOT = join(import.meta.dirname, '../..')
export const MIGRATIONS_FOLDER = join(ROOT, 'migrations')
export const SCHEMA_FILE = join(ROOT, 'schema.prisma')
export const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** The migrations as the schema engine wants them: read from disk, oldest first. */
export function readMigrations(folder = MIGRATIONS_FOLDER): MigrationList {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: readOrNull(join(folder, 'migration_lock.toml')) },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: readFileSync(join(folder, name, 'migration.sql'), 'utf8') } },
    })),
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
