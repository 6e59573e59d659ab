import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CollectorError } from '../errors.ts'
import type { KeyCache, KeyOwner } from './key-cache.ts'

declare module 'fastify' {
  interface FastifyRequest {
    keyOwner: KeyOwner | null
  }
}

const BEARER = /^Bearer +(\S+)$/i

/**
 * The owner of the key in an Authorization header.
 * @throws {CollectorError} `unauthorized`
 */
export async function authenticate(keys: KeyCache, authorization: string | undefined): Promise<KeyOwner> {
  const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
  if (key === undefined || key.length > 500)
    throw new CollectorError('unauthorized', 'Send the project’s key as "Authorization: Bearer KEY". Settings → API keys makes one.')
  const owner = await keys.find(key)
  if (owner === undefined) throw new CollectorError('unauthorized', 'This key is not known or was revoked. Settings → API keys makes one.')
  return owner
}

/** Every request of the instance must carry a key. */
export function requireKey(app: FastifyInstance, keys: KeyCache): void {
  app.decorateRequest('keyOwner', null)
  app.addHook('onRequest', async (request) => {
    request.keyOwner = await authenticate(keys, request.headers.authorization)
  })
}

/** The project that the request's key belongs to. */
export function projectOf(request: FastifyRequest): string {
  if (request.keyOwner === null) throw new CollectorError('unauthorized', 'This address needs a key.')
  return request.keyOwner.projectId
}
