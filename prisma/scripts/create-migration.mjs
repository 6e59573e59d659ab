// create-migration.mjs NAME: writes the SQL between the migrations and schema.prisma as the next migration, to be read and
// added to by hand. Uses a Postgres of its own, in a temporary folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { diffFromMigrations } from '../src/migrate/index.ts'

const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write('usage: node prisma/scripts/create-migration.mjs NAME   (lower case, digits and _)\n')
  process.exit(2)
}
const dataDir = mkdtempSync(join(tmpdir(), 'cairn-migration-'))
const server = await startEmbeddedPostgres({ dataDir })
try {
  const script = await diffFromMigrations(server.url)
  if (script === '') process.stdout.write('The migrations are up to schema.prisma: nothing to do.\n')
  else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = join(import.meta.dirname, '../migrations', `${stamp}_${name}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'migration.sql'), script)
    process.stdout.write(`${folder}/migration.sql\n`)
  }
} finally {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
