import { CairnError } from '../errors.ts'
import { decodeValue, encodeValue, type JsonValue } from '../protocol/values.ts'
import { diffJson, type PatchOperation } from './diff-json.ts'

/** A run's own data: a plain object of storable values. */
export type RunState = Record<string, unknown>

/**
 * Follows `run.state`. What the collector has is the fold of the patches stored with succeeded steps.
 * While finished steps are replayed, the code between them makes its changes again, on an empty object;
 * at the end of the replay the stored state takes its place, so that no change counts twice.
 */
export class StateTracker {
  #current: RunState
  #stored: JsonValue
  #replaying: boolean

  constructor(stored: JsonValue, replaying: boolean) {
    this.#stored = stored ?? {}
    this.#replaying = replaying
    this.#current = replaying ? {} : toState(this.#stored)
  }

  get current(): RunState {
    return this.#current
  }

  set current(value: RunState) {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw new CairnError('invalid_step', 'run.state must be an object.')
    this.#current = value
  }

  /** The last stored step came back, or a new one begins. */
  endReplay(): void {
    if (!this.#replaying) return
    this.#replaying = false
    // In place: code may hold on to the object it got from run.state.
    for (const key of Object.keys(this.#current)) delete this.#current[key]
    Object.assign(this.#current, toState(this.#stored))
  }

  /** Changes since the last patch that was taken, for the checkpoint about to be sent. */
  takePatch(): PatchOperation[] | undefined {
    const next = encodeState(this.#current)
    const patch = diffJson(this.#stored, next)
    this.#stored = next
    return patch.length === 0 ? undefined : patch
  }
}

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
