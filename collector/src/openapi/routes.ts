import type { FastifyInstance } from 'fastify'
import { openApiDocument } from './document.ts'

/** The description of the API needs no key: it holds nothing of any project. */
export function registerOpenApi(app: FastifyInstance): void {
  let document: ReturnType<typeof openApiDocument> | undefined
  app.get('/api/v1/openapi.json', async () => {
    document ??= openApiDocument('/')
    return document
  })
}
