import { JsonInput } from './json-input'
import { toEditable } from './json-input-model'

interface EditedValueProps {
  /** "input", "state". */
  readonly what: string
  /** What it is now. */
  readonly value: unknown
  readonly isLoading?: boolean
  /** What it is to be, as JSON text; null: it stays. */
  readonly text: string | null
  readonly onChange: (text: string | null) => void
}

/** A value that stays unless one chooses to change it. */
export function EditedValue({ what, value, isLoading = false, text, onChange }: EditedValueProps) {
  const editable = text === null && !isLoading ? toEditable(value) : ''
  return (
    <div>
      <label className="flex items-center gap-2 font-medium">
        <input
          type="checkbox"
          checked={text !== null}
          disabled={isLoading || editable === null}
          onChange={(event) => onChange(event.target.checked ? toEditable(value) : null)}
        />
        Change the {what}
        {editable === null && <span className="font-normal text-muted">(too long to edit here: use the API)</span>}
      </label>
      {text !== null && <JsonInput label={`The ${what}, as JSON`} value={text} onChange={onChange} rows={6} />}
    </div>
  )
}
