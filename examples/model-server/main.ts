import { startModelServer } from './server.ts'

const server = await startModelServer({
  port: Number(process.env.MODEL_SERVER_PORT ?? 0),
  msPerToken: Number(process.env.MODEL_SERVER_MS_PER_TOKEN ?? 0),
})
process.stdout.write(`${server.url}\n`)
process.send?.({ type: 'ready', url: server.url })

const stop = () => void server.stop().then(() => process.exit(0))
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
