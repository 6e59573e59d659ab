import type { FailureExample, FailureGroup } from '@cairn/sdk/protocol'
import { formatMs, formatUsd } from '@/lib/format'
import { Link } from '@/ui/link'
import { Time } from '@/ui/time'
import { toSpanLink } from './failure-model'

/** Failures that stand for the group; each leads to the span that failed. */
export function Examples({ data }: { data: FailureGroup }) {
  const { newest, typical, cheapest } = data.examples
  const shown = joinSame([
    { label: 'Newest', why: 'The last that failed so', example: newest },
    { label: 'Most typical', why: 'In the middle by how long it took', example: typical },
    { label: 'Cheapest', why: 'The least to pay for trying it again', example: cheapest },
  ])
  return (
    <>
      <ul>
        {shown.map((one) => (
          <Example key={one.label} {...one} />
        ))}
      </ul>
      {data.runs > 0 && (
        <p className="border-t px-4 py-2">
          <Link href={`/runs?${new URLSearchParams({ errorGroup: data.group })}`} className="text-accent underline">
            Runs that still stand at this failure
          </Link>
        </p>
      )}
    </>
  )
}

interface ExampleProps {
  readonly label: string
  readonly why: string
  readonly example: FailureExample
}

/** A failure that is more than one of them is shown once, under all its names. */
function joinSame(all: readonly (Omit<ExampleProps, 'example'> & { readonly example: FailureExample | null })[]): ExampleProps[] {
  const joined: ExampleProps[] = []
  for (const { label, why, example } of all) {
    if (example === null) continue
    const same = joined.findIndex((one) => toSpanLink(one.example) === toSpanLink(example))
    const first = joined[same]
    if (first === undefined) joined.push({ label, why, example })
    else joined[same] = { label: `${first.label}, ${label.toLowerCase()}`, why: `${first.why}. ${why}`, example }
  }
  return joined
}

function Example({ label, why, example }: ExampleProps) {
  return (
    <li className="relative border-b px-4 py-2.5 last:border-b-0 hover:bg-raised">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <Link href={toSpanLink(example)} className="font-medium after:absolute after:inset-0" title={why}>
          {label}
          <span className="sr-only">: {example.spanId === null ? 'show it' : 'show the span that failed'}</span>
        </Link>
        <span className="text-muted">
          {example.agent}
          {example.version !== '' && ` v${example.version}`}
          {example.step !== '' && ` · ${example.step}`}
        </span>
        <span className="tabular ml-auto text-muted">
          {formatMs(example.durationMs)} · {example.runId === null ? 'a trace' : formatUsd(example.cost)} ·{' '}
          <Time value={example.failedAt} ago />
        </span>
      </p>
      <p className="truncate text-muted" title={example.errorMessage}>
        {example.errorMessage}
      </p>
    </li>
  )
}
