import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../embedded/index.ts'
import { migrate } from '../migrate/index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    cairnPostgres: { url: string; template: string }
  }
}

/**
 * Vitest's globalSetup: one real Postgres for all suites of a run, its template database migrated once.
 */
export default async function startTestPostgres(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-postgres-'))
  // A test server's data needs no disk; what depends on fsync (kills of Postgres itself) starts a server of its own.
  const server = await startEmbeddedPostgres({ dataDir, settings: ['fsync=off', 'full_page_writes=off', 'max_connections=200'] })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await migrate({ databaseUrl: server.url })
  } catch (error) {
    await stop()
    throw error
  }
  const admin = new URL(server.url)
  admin.pathname = '/postgres'
  project.provide('cairnPostgres', { url: admin.href, template: 'cairn' })
  return stop
}
