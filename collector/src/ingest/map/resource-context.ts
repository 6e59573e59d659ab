import type { Attributes } from '../otlp/types.ts'
import { cut, readText } from './read-text.ts'
import { mapToJson } from './to-json.ts'
import { RESOURCE_KEYS } from './vocabulary.ts'

/** What a resource gives to every span under it, read once. */
export interface ResourceContext {
  readonly environment: string
  readonly service: string
  readonly serviceVersion: string
  readonly sessionId: string
  readonly userId: string
  readonly agent: string
  /** All of it, as JSON text. */
  readonly json: string
  readonly schemaUrl: string
}

export function readResourceContext(resource: Attributes, schemaUrl: string): ResourceContext {
  const first = (keys: readonly string[]): string => {
    const key = keys.find((candidate) => readText(resource.get(candidate)) !== '')
    return key === undefined ? '' : cut(readText(resource.get(key)), 500)
  }
  return {
    environment: first(RESOURCE_KEYS.environment),
    service: first(RESOURCE_KEYS.service),
    serviceVersion: first(RESOURCE_KEYS.serviceVersion),
    sessionId: first(RESOURCE_KEYS.sessionId),
    userId: first(RESOURCE_KEYS.userId),
    agent: first(RESOURCE_KEYS.agent),
    json: JSON.stringify(mapToJson(resource)),
    schemaUrl,
  }
}
