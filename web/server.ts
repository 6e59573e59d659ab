import { createServer } from 'node:http'
import next from 'next'
import { staticFiles } from './static-files.ts'

const hostname = process.env.CAIRN_HOST ?? '127.0.0.1'
const port = Number(process.env.CAIRN_WEB_PORT ?? 3000)

/** Serves the built pages, and ends with the process that started it. */
const app = next({ dev: false, dir: import.meta.dirname, hostname, port })
await app.prepare()
const handle = app.getRequestHandler()
const serveStatic = staticFiles(import.meta.dirname)
const server = createServer((request, response) => {
  if (serveStatic(request, response)) return
  // Layouts don't see the address; the one that sends people to sign in says by it where they wanted to go.
  request.headers['x-cairn-address'] = request.url ?? '/'
  void handle(request, response)
})
server.listen(port, hostname, () => process.send?.({ type: 'ready', port }))

let stopping = false
function stop(): void {
  if (stopping) process.exit(1)
  stopping = true
  setTimeout(() => process.exit(0), 5_000).unref()
  server.close(() => void app.close().finally(() => process.exit(0)))
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 1_000).unref()
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
