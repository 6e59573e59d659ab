interface ReasonFieldProps {
  readonly value: string
  readonly onChange: (reason: string) => void
  /** What it is kept with, for people. */
  readonly keptWith: string
}

export const ReasonField = ({ value, onChange, keptWith }: ReasonFieldProps) => (
  <label className="block font-medium">
    Reason <span className="font-normal text-muted">(kept with {keptWith})</span>
    <input
      value={value}
      onChange={(event) => onChange(event.target.value)}
      maxLength={2_000}
      className="mt-1 w-full rounded-md border bg-bg px-3 py-1.5 font-normal"
    />
  </label>
)
