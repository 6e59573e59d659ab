import { AsyncLocalStorage } from 'node:async_hooks'
import { CairnError, StepCollisionError } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { OpenSpans } from '../worker/open-spans.ts'

/** Where code is in its run: steps called here get their keys from this scope. */
export class Scope {
  readonly path: string
  readonly #owners: Map<string, string>
  readonly #counts = new Map<string, number>()
  readonly #inFlight = new Map<string, number>()
  readonly #keyed = new Set<string>()

  /** `owners` is one map a run: it finds two different places that would share a key. */
  constructor(path: string, owners: Map<string, string> = new Map()) {
    this.path = path
    this.#owners = owners
  }

  /** A scope under a key of this one. A step that is tried again gets a fresh one, whose counts begin again. */
  child(key: string): Scope {
    return new Scope(key, this.#owners)
  }

  keyOf(name: string): string {
    return this.path === '' ? name : `${this.path}/${name}`
  }

  /**
   * Takes the key of a step, at its call. `release` it when the step has settled.
   * @throws {StepCollisionError} when two steps would share a key
   */
  take(name: string, explicit: string | undefined): { key: string; release: () => void } {
    checkName(name)
    if (explicit !== undefined) return { key: this.#takeExplicit(explicit), release: noop }
    const inFlight = this.#inFlight.get(name) ?? 0
    if (inFlight > 0) {
      throw new StepCollisionError(
        `Step "${this.keyOf(name)}" is called again while it is still in flight, so a resume couldn't tell the two apart. ` +
          `Give each its own name or key, as in run.step(\`${name}/\${id}\`, …) or { key: id }.`,
      )
    }
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    const key = this.keyOf(count === 1 ? name : `${name}#${count}`)
    this.#own(key, `${this.path}\0${name}\0${count}`)
    this.#inFlight.set(name, inFlight + 1)
    return { key, release: () => this.#inFlight.delete(name) }
  }

  #takeExplicit(explicit: string): string {
    checkName(explicit)
    const key = this.keyOf(explicit)
    if (this.#keyed.has(key))
      throw new StepCollisionError(`Step key "${key}" is used twice in the same scope. Give each step a key of its own.`)
    this.#own(key, `${this.path}\0${explicit}\0key`)
    this.#keyed.add(key)
    return key
  }

  #own(key: string, owner: string): void {
    if (key.length > LIMITS.stepKeyChars)
      throw new CairnError(
        'invalid_step',
        `Step key "${key.slice(0, 80)}…" has ${key.length} characters; the limit is ${LIMITS.stepKeyChars}.`,
      )
    const before = this.#owners.get(key)
    if (before !== undefined && before !== owner)
      throw new StepCollisionError(
        `Two different steps have the key "${key}" (a name with "/" or "#" meets a scope or a repeated name). Rename one.`,
      )
    this.#owners.set(key, owner)
  }
}

const noop = (): void => {}

function checkName(name: string): void {
  if (typeof name !== 'string' || name === '' || name.length > LIMITS.nameChars)
    throw new CairnError(
      'invalid_step',
      `A step's name or key must be text of 1 to ${LIMITS.nameChars} characters, not ${JSON.stringify(name)?.slice(0, 80)}.`,
    )
}

/** What spans and steps need to know of the code that runs now. */
export interface Ambient {
  readonly runId: string
  readonly execution: number
  readonly agent: string
  readonly version: string
  readonly sessionId: string | null
  readonly userId: string | null
  readonly stepKey: string | null
  readonly scope: Scope
  readonly spans: OpenSpans
}

/** The run, step and scope of the code that runs now. */
export const ambient = new AsyncLocalStorage<Ambient>()
