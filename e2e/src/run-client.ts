import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository, type System } from './system.ts'

const run = promisify(execFile)
const folderOf = (client: string) => join(repository, 'e2e/clients', client)

/** Each has an install folder of its own: their peers don't meet in one. */
export async function installClients(clients: readonly string[]): Promise<void> {
  for (const client of clients) {
    const cwd = folderOf(client)
    if (!existsSync(join(cwd, 'node_modules')))
      await run('npm', ['ci', '--no-workspaces', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd })
  }
}

export interface Connections {
  readonly system: Pick<System, 'url' | 'key'>
  readonly modelUrl: string
}

/** Runs a program that knows nothing of Cairn; it prints what the provider told it. */
export async function runClient<T>(
  client: string,
  { system, modelUrl }: Connections,
  env: Readonly<Record<string, string>> = {},
): Promise<T & { traceId: string }> {
  const { stdout } = await run(process.execPath, ['main.mjs'], {
    cwd: folderOf(client),
    timeout: 60_000,
    // In a test OpenAI’s agents SDK would send no spans.
    env: { ...process.env, NODE_ENV: 'production', COLLECTOR_URL: system.url, CAIRN_API_KEY: system.key, MODEL_URL: modelUrl, ...env },
  })
  return JSON.parse(stdout)
}
