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
    try {
      await listenOnce(port, config.host)
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      const why =
        code === 'EADDRINUSE'
          ? `is in use. Set ${variable} to another one, or stop what listens there.`
          : `can't be listened on (${code}). Look at ${variable} and CAIRN_HOST.`
      throw new StartError(`Port ${port} of ${config.host} ${why}`, { cause })
    }
  }
}

/** A port of this machine's loopback that nothing listens on. */
export const findFreePort = (): Promise<number> => listenOnce(0, '127.0.0.1')

/** @returns the port, free again */
function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
