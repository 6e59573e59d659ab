import { encodeValue, type StepOverride } from '@cairn/sdk/protocol'
import { Plus, X } from 'lucide-react'
import { Button } from '@/ui/button'
import { JsonInput } from './json-input'
import { parseJson } from './json-input-model'

/** What steps are to give instead of what they gave, by key, as JSON text. */
export type StepOutputs = ReadonlyMap<string, string>

export const areOutputsValid = (outputs: StepOutputs) => [...outputs.values()].every((text) => parseJson(text) !== null)

export const outputsToOverrides = (outputs: StepOutputs): StepOverride[] =>
  [...outputs].map(([step, text]) => ({ step, output: encodeValue(parseJson(text)?.value) }))

interface StepOutputsFieldProps {
  /** Steps whose output can be another. */
  readonly keys: readonly string[]
  readonly outputs: StepOutputs
  readonly onChange: (outputs: StepOutputs) => void
  /** What a step gave, as text to begin with. */
  readonly outputOf: (key: string) => string
}

/** Other outputs for finished steps: what comes after sees them instead. */
export function StepOutputsField({ keys, outputs, onChange, outputOf }: StepOutputsFieldProps) {
  const free = keys.filter((key) => !outputs.has(key))
  const without = (key: string) => new Map([...outputs].filter(([other]) => other !== key))
  return (
    <fieldset>
      <legend className="font-medium">Change what a step gave</legend>
      {[...outputs].map(([key, text]) => (
        <div key={key} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <JsonInput label={`Output of ${key}, as JSON`} value={text} onChange={(next) => onChange(new Map(outputs).set(key, next))} />
          </div>
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Keep the output of ${key}`}
            className="mt-5"
            onClick={() => onChange(without(key))}
          >
            <X size={14} aria-hidden />
          </Button>
        </div>
      ))}
      {free.length > 0 && (
        <label className="mt-2 flex items-center gap-2 text-muted">
          <Plus size={13} aria-hidden />
          <span className="sr-only">Step whose output to change</span>
          <select
            value=""
            onChange={(event) => onChange(new Map(outputs).set(event.target.value, outputOf(event.target.value)))}
            className="h-8 min-w-0 rounded-md border bg-bg px-2"
          >
            <option value="">choose a step …</option>
            {free.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  )
}
