import { addExample, getSet, type StoredExample } from '@cairn/prisma'
import { AddExample, type FewShotExample, FewShotExport, FewShotQuery, Name } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { parse, valueText, withoutNul } from '../http/parse.ts'
import { exportExamples } from './export-examples.ts'
import { exampleOfRun } from './promote-run.ts'

const Path = z.object({ set: Name })
const EXPORT_LIMIT = 10_000

/** Sets of good examples: agents ask for the best, people promote runs into them. */
export function registerFewShotRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  const load = async (projectId: string, query: { set: string; version?: number | undefined; limit: number; q?: string | undefined }) => {
    const found = await getSet(ctx.pool, { projectId, ...query })
    if (found === undefined) throw notFound(`few-shot set ${query.set}${query.version === undefined ? '' : ` of version ${query.version}`}`)
    return { set: found.set, version: found.version, examples: found.examples.map(toExample) }
  }

  app.get('/api/v1/few-shot/:set', async (request) => {
    const { set } = parse(Path, request.params, 'path')
    return load(projectOf(request), { set, ...parse(FewShotQuery, request.query, 'query') })
  })

  app.post('/api/v1/few-shot/:set/examples', async (request, reply) => {
    const { set } = parse(Path, request.params, 'path')
    const body = parse(AddExample, request.body, 'body')
    const example = 'runId' in body ? await exampleOfRun(ctx, projectOf(request), body.runId) : literal(body)
    const added = await addExample(ctx.pool, {
      projectId: projectOf(request),
      set: withoutNul(set),
      ...(body.actor === undefined ? {} : { actor: withoutNul(body.actor) }),
      example: {
        ...example,
        ...(body.note === undefined ? {} : { note: withoutNul(body.note) }),
        ...(body.tags === undefined ? {} : { tags: body.tags.map(withoutNul) }),
      },
    })
    return reply.code(201).send(added)
  })

  app.get('/api/v1/few-shot/:set/export', async (request, reply) => {
    const { set } = parse(Path, request.params, 'path')
    const { format, version } = parse(FewShotExport, request.query, 'query')
    const { examples, version: exported } = await load(projectOf(request), { set, version, limit: EXPORT_LIMIT })
    const file = exportExamples(examples, format)
    return reply
      .type(file.contentType)
      .header('content-disposition', `attachment; filename="${set.replace(/[^\w.-]/g, '_')}-v${exported}.${file.extension}"`)
      .send(file.text)
  })
}

const literal = (body: Extract<AddExample, { input: unknown }>) => ({
  input: valueText(body.input, 'body.input'),
  output: valueText(body.output, 'body.output'),
  messages: valueText(
    body.messages ?? [
      { role: 'user', content: body.input },
      { role: 'assistant', content: body.output },
    ],
    'body.messages',
  ),
})

const toExample = (row: StoredExample): FewShotExample => ({
  id: row.id,
  input: JSON.parse(row.input),
  output: JSON.parse(row.output),
  messages: JSON.parse(row.messages),
  score: row.score,
  runId: row.runId as FewShotExample['runId'],
  tags: row.tags,
  note: row.note,
  createdAt: row.createdAt,
})
