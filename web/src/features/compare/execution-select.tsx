interface SelectProps {
  readonly side: 'A' | 'B'
  readonly of: number
  readonly value: number | null
  readonly onChange: (number: number | null) => void
}

/** One execution of a run, or the run as it stands. */
export const ExecutionSelect = ({ side, of, value, onChange }: SelectProps) => (
  <select
    aria-label={`Execution of side ${side}`}
    value={value ?? ''}
    onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    className="h-7 rounded-md border bg-panel px-1.5 text-xs"
  >
    <option value="">Whole run</option>
    {Array.from({ length: of }, (_, i) => i + 1).map((number) => (
      <option key={number} value={number}>
        Execution {number}
      </option>
    ))}
  </select>
)
