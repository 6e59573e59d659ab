import { encodeValue, type StepOverride } from '@cairn/sdk/protocol'
import { formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { JsonInput } from './json-input'
import { parseJson } from './json-input-model'

/** What a person says of a step that may have taken place. `output` is JSON text. */
export type Decision = { readonly kind: 'retry' } | { readonly kind: 'skip'; readonly output: string }

export const isDecided = (decision: Decision | undefined): boolean =>
  decision !== undefined && (decision.kind === 'retry' || parseJson(decision.output) !== null)

export const toOverrides = (decisions: ReadonlyMap<string, Decision>): StepOverride[] =>
  [...decisions].map(([step, decision]) =>
    decision.kind === 'retry' ? { step, retry: true } : { step, output: encodeValue(parseJson(decision.output)?.value) },
  )

interface UnknownEffectProps {
  readonly step: { readonly key: string; readonly startedAt: string | null }
  readonly decision: Decision | undefined
  readonly onDecide: (decision: Decision) => void
}

/** A step of effect `once` that began before the crash: only a person can find out whether it took place. */
export function UnknownEffect({ step, decision, onDecide }: UnknownEffectProps) {
  useTimeZone()
  return (
    <fieldset className="rounded-md border border-warn/50 bg-warn/10 px-3 py-2">
      <legend className="px-1 font-medium">Did {step.key} take place?</legend>
      <p className="text-muted">It began at {formatTime(step.startedAt)}, and the worker died before it said how it ended.</p>
      <label className="mt-2 flex items-center gap-2">
        <input type="radio" name={step.key} checked={decision?.kind === 'retry'} onChange={() => onDecide({ kind: 'retry' })} />
        No: run it again
      </label>
      <label className="mt-1 flex items-center gap-2">
        <input type="radio" name={step.key} checked={decision?.kind === 'skip'} onChange={() => onDecide({ kind: 'skip', output: '' })} />
        Yes: skip it, with this output
      </label>
      {decision?.kind === 'skip' && (
        <JsonInput
          label="Output, as JSON; nothing means null"
          value={decision.output}
          onChange={(output) => onDecide({ kind: 'skip', output })}
        />
      )}
    </fieldset>
  )
}
