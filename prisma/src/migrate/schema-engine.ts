import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import { MigrationAdapter } from './migration-adapter.ts'

/** Prisma's own schema engine, as WebAssembly: no binary has to be downloaded. Its connections are closed afterwards. */
export async function withSchemaEngine<T>(databaseUrl: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await loadEngine()
  const adapter = new MigrationAdapter(databaseUrl)
  try {
    const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
    try {
      return await use(engine)
    } finally {
      engine.free()
    }
  } finally {
    await adapter.close()
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm')
type Glue = Engine & { __wbg_set_wasm(exports: unknown): void }

/** The part used here; TypeScript has the whole only in the library for browsers. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: Record<string, unknown>): Promise<{ instance: { exports: Record<string, unknown> } }>
}

let loaded: Promise<Engine> | undefined

function loadEngine(): Promise<Engine> {
  loaded ??= instantiate()
  return loaded
}

/** The package imports its .wasm as a module, which Node doesn't do unasked; so it is put together by hand. */
async function instantiate(): Promise<Engine> {
  const gluePath = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const glue: Glue = await import(pathToFileURL(gluePath).href)
  const { instance } = await WebAssembly.instantiate(await readFile(gluePath.replace(/\.js$/, '.wasm')), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  const { __wbindgen_start: begin } = instance.exports
  if (typeof begin === 'function') begin()
  return glue
}
