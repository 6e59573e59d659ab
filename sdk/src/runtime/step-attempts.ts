import { type Attributes, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { RunStoppedError, StepTimeoutError } from '../errors.ts'
import { ATTR, previewAttributes } from '../otel/attributes.ts'
import type { RunId } from '../protocol/ids.ts'
import { encodeValue, UnstorableValueError } from '../protocol/values.ts'
import { raceAbort, sleepMs } from './abort.ts'
import { toJsonText } from './checkpoint.ts'
import { durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { waitForToken } from './rate-limit.ts'
import { backoffDelayMs, mayRetry, type RetryPolicy } from './retry.ts'
import { type Ambient, ambient } from './scope.ts'
import type { StepSpec, StepWork } from './step-spec.ts'
import { toStoredError } from './stored-error.ts'

/** A step's result, encoded. */
export interface StepResult {
  value: unknown
  json: string
  childRunId: RunId | undefined
}

/** Tries a step's body until it succeeds or its policy is spent. `count` follows the attempts made. */
export async function runAttempts(
  env: ExecutionEnv,
  spec: StepSpec<unknown>,
  step: { here: Ambient & { stepKey: string }; span: Span; policy: RetryPolicy; count: { attempts: number } },
): Promise<StepResult> {
  const { here, span, policy, count } = step
  for (;;) {
    count.attempts++
    const attempt = count.attempts
    // Counts of nested steps begin again with each attempt.
    const inAttempt = { ...here, scope: here.scope.child(here.stepKey) }
    try {
      if (policy.attempts === 1) return await runOnce(env, spec, inAttempt, span, attempt)
      return await runInSpan(env, spec, inAttempt, span, attempt)
    } catch (error) {
      if (error instanceof UnstorableValueError || env.stop.reason !== null || !mayRetry(policy, error, attempt)) throw error
      await sleepMs(backoffDelayMs(policy, attempt), env.stop.signal)
    }
  }
}

async function runInSpan(
  env: ExecutionEnv,
  spec: StepSpec<unknown>,
  here: Ambient & { stepKey: string },
  parent: Span,
  attempt: number,
): Promise<StepResult> {
  const attributes: Attributes = { ...spec.attributes, [ATTR.attempt]: attempt }
  const span = ambient.run(here, () =>
    env.runtime.telemetry.tracer.startSpan(`${spec.name} attempt ${attempt}`, { attributes }, trace.setSpan(context.active(), parent)),
  )
  try {
    return await runOnce(env, spec, here, span, attempt)
  } catch (error) {
    markFailed(span, error)
    throw error
  } finally {
    span.end()
  }
}

async function runOnce(
  env: ExecutionEnv,
  spec: StepSpec<unknown>,
  here: Ambient & { stepKey: string },
  span: Span,
  attempt: number,
): Promise<StepResult> {
  const work: StepWork = { span }
  const limit = startTimeout(env, spec, here.stepKey)
  try {
    await waitForToken(env, spec.options, { key: here.stepKey, span, signal: limit.signal })
    env.session.checkLease()
    env.stop.signal.throwIfAborted()
    const about = {
      key: here.stepKey,
      attempt,
      signal: limit.signal,
      // Few ask for it.
      get idempotencyKey() {
        return idempotencyKey(env.claimed.id, here.stepKey)
      },
    }
    const body = async (): Promise<unknown> => spec.body(about, work)
    const started = ambient.run(here, () => context.with(trace.setSpan(context.active(), span), body))
    const value = await (spec.endsItself ? started : limit.race(started))
    const json = toJsonText(encodeValue(value), `The output of step "${here.stepKey}"`)
    if (spec.describeOutput) spec.describeOutput(span, json, value)
    else span.setAttributes(previewAttributes(ATTR.output, json, ATTR.outputTruncated))
    return { value, json, childRunId: work.childRunId }
  } finally {
    limit.clear()
  }
}

/** What ends a step's body before its time: the run's stop, or its own timeout. */
interface StepLimit {
  readonly signal: AbortSignal
  race<T>(work: Promise<T>): Promise<T>
  clear(): void
}

function startTimeout(env: ExecutionEnv, spec: StepSpec<unknown>, key: string): StepLimit {
  const { timeout } = spec.options
  if (timeout === undefined) return { signal: env.stop.signal, race: (work) => env.stop.race(work), clear: () => {} }
  const timeoutMs = durationToMs(timeout)
  const controller = new AbortController()
  const onStop = (): void => controller.abort(env.stop.signal.reason)
  if (env.stop.signal.aborted) onStop()
  env.stop.signal.addEventListener('abort', onStop, { once: true })
  const timer = setTimeout(() => controller.abort(new StepTimeoutError(key, timeoutMs)), Math.min(timeoutMs, 2_147_483_647))
  return {
    signal: controller.signal,
    race: (work) => raceAbort(work, controller.signal),
    clear: () => {
      clearTimeout(timer)
      env.stop.signal.removeEventListener('abort', onStop)
    },
  }
}

/** Puts an error on a span the way every OpenTelemetry reader knows. */
export function markFailed(span: Span, thrown: unknown): void {
  const error = toStoredError(thrown)
  span.setAttribute(ATTR.errorType, error.type)
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  if (thrown instanceof RunStoppedError) return
  span.recordException({ name: error.type, message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) })
}
