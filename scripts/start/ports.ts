import { createServer } from 'node:net'
import { type StartConfig, StartError } from './config.ts'

/** A port in use is a clear error before anything is started. */
export async function checkPorts(config: StartConfig): Promise<void> {
  const wanted = [
    ['CAIRN_HTTP_PORT', config.httpPort],
    ['CAIRN_GRPC_PORT', config.grpcPort],
    ['CAIRN_WEB_PORT', config.webPort],
  ] as const
  for (const [variable, port] of wanted) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, config.host, () => server.close(() => resolve(true)))
    })
    if (!free) throw new StartError(`Port ${port} of ${config.host} is in use. Set ${variable} to another one, or stop what listens there.`)
  }
}
