import type { FailureState } from '@cairn/sdk/protocol'

const STYLES: Readonly<Record<FailureState, string>> = {
  open: 'text-bad border-bad/40',
  resolved: 'text-good border-good/40',
  muted: 'text-muted',
}

export function StateBadge({ state, regression }: { state: FailureState; regression: boolean }) {
  return (
    <span className="inline-flex gap-1.5">
      <span className={`rounded-full border px-2 py-px font-medium text-2xs ${STYLES[state]}`}>{state}</span>
      {regression && (
        <span
          className="rounded-full border border-warn/50 px-2 py-px font-medium text-2xs text-warn"
          title="It had been resolved, and failed again"
        >
          regression
        </span>
      )}
    </span>
  )
}
