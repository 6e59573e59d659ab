import { ErrorBody } from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'

export const json = (schema: z.ZodType, description = 'OK') => ({ description, content: { 'application/json': { schema } } })
/** The path's one parameter, where it is the id of what it is about. */
export const id = z.object({ id: z.string() })
export const items = (schema: z.ZodType) => z.object({ items: z.array(schema) })

interface Operation {
  readonly summary: string
  readonly path?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answers: ZodOpenApiOperationObject['responses']
}

export const operation = ({ summary, path, query, body, answers }: Operation): ZodOpenApiOperationObject => ({
  summary,
  ...(path || query ? { requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}) } } : {}),
  ...(body ? { requestBody: { content: { 'application/json': { schema: body } } } } : {}),
  responses: { ...answers, default: json(ErrorBody, 'An error, in the one shape of this API') },
})
