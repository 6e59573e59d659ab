import { readFile } from 'node:fs/promises'
import { NO_FILTERS, readMigrations, SCHEMA_FILE } from './migration-files.ts'
import { withSchemaEngine } from './schema-engine.ts'

/**
 * The SQL that is missing between what the migrations build and schema.prisma: empty when they agree.
 * @param serverUrl a database of a server on which the engine may make (and drop) a scratch database
 */
export async function diffFromMigrations(serverUrl: string, folder?: string): Promise<string> {
  const schema = await readFile(SCHEMA_FILE, 'utf8')
  const { stdout } = await withSchemaEngine(serverUrl, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...readMigrations(folder) },
      to: { tag: 'schemaDatamodel', files: [{ path: SCHEMA_FILE, content: schema }] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    }),
  )
  const script = stdout ?? ''
  return script.trim() === '-- This is an empty migration.' ? '' : script
}
