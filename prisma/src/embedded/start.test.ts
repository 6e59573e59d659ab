import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive, waitUntilGone } from './processes.ts'
import { startEmbeddedPostgres } from './start.ts'

let dataDir: string
beforeEach(() => {
  // mkdtemp's folders are closed to other users, as /root is.
  dataDir = join(mkdtempSync(join(tmpdir(), 'cairn-embedded-')), 'postgres')
})
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }))

const serverPid = () => Number.parseInt(readFileSync(join(dataDir, 'data/postmaster.pid'), 'utf8'), 10)

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows.flat()
  } finally {
    await client.end()
  }
}

/** Starts the server from a process of its own, to be killed. */
async function startInChild(): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'start.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(server.url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, url }
}

test('keeps data, password and port over a restart, with fsync on, on loopback only', async () => {
  const first = await startEmbeddedPostgres({ dataDir })
  await ask(first.url, 'create table kept as select 42 as answer')
  expect(await ask(first.url, "select current_setting('fsync') || current_setting('listen_addresses')")).toEqual(['on127.0.0.1'])
  await first.stop()
  const second = await startEmbeddedPostgres({ dataDir })
  expect(second.url).toBe(first.url)
  expect(await ask(second.url, 'select answer from kept')).toEqual([42])
  expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600)
  const pid = serverPid()
  await second.stop()
  expect(isAlive(pid)).toBe(false)
})

test('refuses a second start on a folder in use', async () => {
  const server = await startEmbeddedPostgres({ dataDir })
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'in_use' })
  expect(await ask(server.url, 'select 1')).toEqual([1])
  await server.stop()
})

test('a killed parent leaves no server behind, and the next start finds all that was committed', async () => {
  const { child, url } = await startInChild()
  await ask(url, 'create table kept as select 42 as answer')
  const pid = serverPid()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const server = await startEmbeddedPostgres({ dataDir })
  expect(isAlive(pid)).toBe(false)
  expect(await ask(server.url, 'select answer from kept')).toEqual([42])
  await server.stop()
})

test('a server whose guard was killed too is stopped by the next start', async () => {
  const { child, url } = await startInChild()
  await ask(url, 'create table kept as select 42 as answer')
  const pid = serverPid()
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const guard = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  const watchers = readFileSync(`/proc/${guard}/task/${guard}/children`, 'utf8').trim().split(' ').map(Number)
  for (const watcher of watchers.filter((other) => other !== pid)) process.kill(watcher, 'SIGKILL')
  process.kill(guard, 'SIGKILL')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive(pid)).toBe(true)
  const server = await startEmbeddedPostgres({ dataDir })
  expect(isAlive(pid)).toBe(false)
  expect(await ask(server.url, 'select answer from kept')).toEqual([42])
  await server.stop()
})

test('a killed server leaves a pid file that may name another process by now: it starts all the same', async () => {
  const first = await startEmbeddedPostgres({ dataDir })
  process.kill(serverPid(), 'SIGKILL')
  await first.exited
  await first.stop()
  const pidFile = join(dataDir, 'data/postmaster.pid')
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)))
  const second = await startEmbeddedPostgres({ dataDir })
  expect(await ask(second.url, 'select 1')).toEqual([1])
  await second.stop()
})

test('a start killed before the cluster was whole is made good by the next', async () => {
  mkdirSync(join(dataDir, 'data.unfinished'), { recursive: true })
  writeFileSync(join(dataDir, 'data.unfinished/PG_VERSION'), '18')
  const server = await startEmbeddedPostgres({ dataDir })
  const pid = serverPid()
  await server.stop()
  expect(await waitUntilGone(pid, 1_000)).toBe(true)
})
