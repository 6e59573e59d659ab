import { trace } from '@opentelemetry/api'
import { CairnError } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import { encodeValue } from '../protocol/values.ts'
import { toStop } from './checkpoint-writer.ts'
import type { ExecutionEnv } from './execution-env.ts'

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
}

/** Uploads an artifact, fenced by its execution. By name, so that doing it again on a resume changes nothing. */
export async function storeArtifact(env: ExecutionEnv, name: string, data: unknown, contentType: string | undefined): Promise<void> {
  env.stop.check()
  const body = toBytes(data)
  const bytes = Buffer.byteLength(body)
  if (bytes > LIMITS.artifactBytes)
    throw new CairnError('payload_too_large', `Artifact "${name}" has ${bytes} bytes; the limit is ${LIMITS.artifactBytes}.`)
  try {
    await env.runtime.http.request({
      method: 'PUT',
      path: `/api/v1/runs/${env.claimed.id}/artifacts/${encodeURIComponent(name)}`,
      body,
      contentType: contentType ?? guessType(name, data),
      headers: { 'x-cairn-execution': String(env.claimed.execution) },
      answer: 'none',
      retryForMs: env.runtime.config.checkpointTimeoutMs,
      signal: env.stop.signal,
    })
  } catch (error) {
    throw toStop(env.stop, error)
  }
  trace.getActiveSpan()?.addEvent('cairn.artifact', { 'cairn.artifact.name': name, 'cairn.artifact.bytes': bytes })
}

function toBytes(data: unknown): string | Uint8Array {
  if (typeof data === 'string' || data instanceof Uint8Array) return data
  return JSON.stringify(encodeValue(data), null, 2)
}

function guessType(name: string, data: unknown): string {
  const known = TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
  if (known) return known
  if (typeof data === 'string') return 'text/plain; charset=utf-8'
  return data instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
}
