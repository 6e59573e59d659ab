import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InvalidInputError } from './errors.ts'
import type { ServedAgent } from './protocol/claim.ts'
import type { ConcurrencyLimit, RateLimit, RecoveryPolicy } from './protocol/run.ts'
import type { Durability } from './runtime/checkpoint-writer.ts'
import type { Run } from './runtime/run.ts'

/** An agent as the runtime sees it, without its types. */
export interface AgentDefinition {
  readonly name: string
  readonly version: string
  readonly schema: StandardSchemaV1 | undefined
  readonly recovery: RecoveryPolicy | undefined
  readonly pin: 'version' | undefined
  readonly limits: AgentLimits
  readonly steps: number | undefined
  readonly durability: Durability
  readonly codeRevision: string | undefined
  readonly fn: (run: Run, input: unknown) => unknown
}

/** Limits of an agent's runs, and the functions that find their keys in an input. */
export interface AgentLimits {
  readonly concurrency?: ConcurrencyLimit | undefined
  readonly concurrencyKey?: ((input: never) => string) | undefined
  readonly rateLimit?: RateLimit | undefined
  readonly rateLimitKey?: ((input: never) => string) | undefined
}

/**
 * The input as the agent's function gets it.
 * @throws {InvalidInputError} naming each field that doesn't fit
 */
export async function parseInput(agent: Pick<AgentDefinition, 'name' | 'schema'>, input: unknown): Promise<unknown> {
  if (agent.schema === undefined) return input
  const result = await agent.schema['~standard'].validate(input)
  if (result.issues === undefined) return result.value
  throw new InvalidInputError(
    agent.name,
    result.issues.map((issue) => `${fieldOf(issue.path)}: ${issue.message}`),
  )
}

function fieldOf(path: StandardSchemaV1.Issue['path']): string {
  const keys = (path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment))
  return ['input', ...keys].join('.')
}

/** How a worker tells the collector what it serves. */
export function toServedAgents(definitions: readonly AgentDefinition[]): ServedAgent[] {
  const byName = Map.groupBy(definitions, (definition) => definition.name)
  return [...byName.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    return {
      name: first.name,
      versions: [...new Set([first, ...others].map((definition) => definition.version))],
      ...(first.pin === undefined ? {} : { pin: first.pin }),
      ...(first.recovery === undefined ? {} : { recovery: first.recovery }),
      ...(first.limits.concurrency === undefined ? {} : { concurrency: first.limits.concurrency }),
      ...(first.limits.rateLimit === undefined ? {} : { rateLimit: first.limits.rateLimit }),
      ...(first.codeRevision === undefined ? {} : { codeRevision: first.codeRevision }),
      ...(first.steps === undefined ? {} : { steps: first.steps }),
    }
  })
}

/** Under which keys the limits count a run of this input, which has been parsed. */
export function limitKeys({ limits }: Pick<AgentDefinition, 'limits'>, input: unknown): { concurrencyKey?: string; rateLimitKey?: string } {
  return {
    // The functions are given what the agent's own function is given: the types met in `agent`'s signature.
    ...(limits.concurrencyKey === undefined ? {} : { concurrencyKey: limits.concurrencyKey(input as never) }),
    ...(limits.rateLimitKey === undefined ? {} : { rateLimitKey: limits.rateLimitKey(input as never) }),
  }
}

/** What a worker says when it starts a run itself. */
export function toClaim(definition: AgentDefinition) {
  return {
    version: definition.version,
    ...(definition.recovery === undefined ? {} : { recovery: definition.recovery }),
    ...(definition.codeRevision === undefined ? {} : { codeRevision: definition.codeRevision }),
    ...(definition.steps === undefined ? {} : { steps: definition.steps }),
  }
}
