import { CairnError } from '../errors.ts'
import type { ReplayedStep } from '../protocol/claim.ts'
import { decodeValue, encodeValue, type JsonValue } from '../protocol/values.ts'
import { applyPatch, touchedKeys } from './apply-patch.ts'
import { diffJson, type PatchOperation } from './diff-json.ts'

/** A run's own data: a plain object of storable values. */
export type RunState = Record<string, unknown>

type StoredChange = Pick<ReplayedStep, 'key' | 'status' | 'statePatch'>

/**
 * Follows `run.state`. What the collector has is the fold of the patches stored with succeeded steps.
 * In a replay each step that comes back brings the state as it was when it finished, so that code between steps sees what it saw
 * then; its own changes are part of the next step's, so none counts twice.
 */
export class StateTracker {
  #current: RunState
  /** What the collector has. */
  #stored: JsonValue
  #replaying: boolean
  /** Changes of steps that have not come back yet, in the order in which they were stored. */
  readonly #changes: readonly (readonly unknown[])[]
  readonly #positions = new Map<string, number>()
  #passed = 0
  /** The fold so far; undefined where the changes don't say it. */
  #fold: JsonValue | undefined = {}

  constructor(stored: JsonValue, steps: readonly StoredChange[]) {
    this.#stored = stored ?? {}
    const finished = steps.filter((step) => step.status === 'succeeded')
    finished.forEach((step, i) => {
      this.#positions.set(step.key, i)
    })
    this.#changes = finished.map((step) => step.statePatch ?? [])
    this.#replaying = finished.length > 0
    this.#current = this.#replaying ? {} : toState(this.#stored)
  }

  get current(): RunState {
    return this.#current
  }

  set current(value: RunState) {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw new CairnError('invalid_step', 'run.state must be an object.')
    this.#current = value
  }

  /** A finished step came back. */
  stepCameBack(key: string): void {
    const position = this.#positions.get(key)
    if (!this.#replaying || position === undefined || position < this.#passed) return
    const patch = this.#changes.slice(this.#passed, position + 1).flat()
    this.#passed = position + 1
    if (patch.length === 0 || this.#fold === undefined) return
    this.#fold = applyPatch(this.#fold, patch)
    if (this.#fold !== undefined) this.#show(this.#fold, touchedKeys(patch))
  }

  /** The last stored step came back, a new one begins, or the agent has ended: what the collector has counts from here on. */
  endReplay(): void {
    if (!this.#replaying) return
    this.#replaying = false
    // What no step that came back has brought: changes of steps that the code has lost since, or a person's.
    const rest = this.#fold === undefined ? null : diffJson(this.#fold, this.#stored)
    if (rest === null || rest.length > 0) this.#show(this.#stored, rest && touchedKeys(rest))
  }

  /** Changes since the last patch that was taken, for the checkpoint about to be sent. */
  takePatch(): PatchOperation[] | undefined {
    const next = encodeState(this.#current)
    const patch = diffJson(this.#stored, next)
    this.#stored = next
    return patch.length === 0 ? undefined : patch
  }

  /** In place: code may hold on to the object it got from run.state. */
  #show(encoded: JsonValue, keys: Set<string> | null): void {
    if (keys === null || !isPlain(encoded) || keys.has('$cairn')) {
      for (const key of Object.keys(this.#current)) delete this.#current[key]
      Object.assign(this.#current, toState(encoded))
      return
    }
    for (const key of keys) {
      if (Object.hasOwn(encoded, key)) this.#current[key] = decodeValue(encoded[key] ?? null)
      else delete this.#current[key]
    }
  }
}

/** Whose keys are those of the value that it stands for. */
const isPlain = (encoded: JsonValue): encoded is { [key: string]: JsonValue } =>
  encoded !== null && typeof encoded === 'object' && !Array.isArray(encoded) && !Object.hasOwn(encoded, '$cairn')

function toState(stored: JsonValue): RunState {
  const decoded = decodeValue(stored)
  return decoded !== null && typeof decoded === 'object' ? (decoded as RunState) : {}
}

function encodeState(state: RunState): JsonValue {
  try {
    return encodeValue(state)
  } catch (error) {
    throw new CairnError('invalid_step', `run.state: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
