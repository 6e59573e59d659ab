import { useId } from 'react'
import { jsonProblem } from './json-input-model'

interface JsonInputProps {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly rows?: number
}

/** A field for JSON, which says at once when it holds none. */
export function JsonInput({ label, value, onChange, rows = 3 }: JsonInputProps) {
  const id = useId()
  const problem = jsonProblem(value)
  return (
    <div className="mt-2">
      <label htmlFor={id} className="text-2xs text-muted">
        {label}
      </label>
      <textarea
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        rows={rows}
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        className="mt-1 w-full rounded-md border bg-bg px-2 py-1 font-mono text-xs"
      />
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="text-2xs text-bad">
          {problem}
        </p>
      )}
    </div>
  )
}
