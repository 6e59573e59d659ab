import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createEngineServer } from './http-server.ts'

/** The process that owns the engine and its data. Started by startEmbeddedClickHouse, with what it needs in the environment. */
const dataDir = process.env.CAIRN_ENGINE_DATA ?? ''
const password = process.env.CAIRN_ENGINE_PASSWORD ?? ''
const port = Number(process.env.CAIRN_ENGINE_PORT ?? 0)
const sessions = Number(process.env.CAIRN_ENGINE_SESSIONS ?? 6)

const spoolDir = makeSpool()
const { server, close } = createEngineServer({ path: join(dataDir, 'engine'), password, spoolDir, sessions })

/** Rows of inserts wait in memory where the system has such a folder, else beside the data. */
function makeSpool(): string {
  try {
    return mkdtempSync('/dev/shm/cairn-')
  } catch {
    const folder = join(dataDir, 'spool')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }
}

let stopping = false
function stop(): void {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), 8_000).unref()
  server.close(() => {
    close()
    rmSync(spoolDir, { recursive: true, force: true })
    process.exit(0)
  })
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 3_000).unref()
}

server.once('error', (error) => {
  process.stderr.write(`the embedded ClickHouse can't listen: ${error.message}\n`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => process.send?.({ type: 'ready', port: (server.address() as AddressInfo).port }))
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
// A parent that dies takes the engine along: its data folder must be free for the next start.
process.on('disconnect', stop)
