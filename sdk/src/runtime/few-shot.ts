import { SpanStatusCode } from '@opentelemetry/api'
import { ATTR } from '../otel/attributes.ts'
import { FewShotSet } from '../protocol/few-shot.ts'
import { decodeValue } from '../protocol/values.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { FewShotExample, FewShotOptions } from './run.ts'

/** Reads a few-shot set, and notes its version on the trace: that is how a set's effect on runs is measured. */
export async function loadFewShot(env: ExecutionEnv, set: string, options: FewShotOptions): Promise<FewShotExample[]> {
  env.stop.check()
  const query = new URLSearchParams()
  if (options.limit !== undefined) query.set('limit', String(options.limit))
  if (options.like !== undefined) query.set('q', options.like)
  if (options.version !== undefined) query.set('version', String(options.version))
  const span = env.runtime.telemetry.tracer.startSpan(`few_shot ${set}`, {
    attributes: {
      [ATTR.kind]: 'retriever',
      [ATTR.fewShotSet]: set,
      ...(options.like === undefined ? {} : { [ATTR.input]: JSON.stringify(options.like) }),
    },
  })
  try {
    const path = `/api/v1/few-shot/${encodeURIComponent(set)}?${query}`
    const found = FewShotSet.parse((await env.runtime.http.request({ method: 'GET', path, signal: env.stop.signal })).body)
    span.setAttribute(ATTR.fewShotVersion, found.version)
    span.setAttribute('cairn.few_shot.examples', found.examples.length)
    return found.examples.map(({ id, input, output, messages, score, runId }) => ({
      id,
      input: decodeValue(input),
      output: decodeValue(output),
      messages: messages.map(({ role, content }) => ({ role, content: decodeValue(content) })),
      score,
      runId,
    }))
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
    throw error
  } finally {
    span.end()
  }
}
