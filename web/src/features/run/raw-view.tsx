'use client'
import type { Run, Step } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { toJsonText } from '@/ui/json-text'
import { JsonView } from '@/ui/json-view'
import { Failure, Loading } from '@/ui/states'

const PARTS = ['run', 'steps', 'spans'] as const

/** The run, its steps or its spans as the API gives them. */
export function RawView({ run, steps }: { run: Run; steps: readonly Step[] }) {
  const trpc = useTRPC()
  const [part, setPart] = useQueryState('part', parseAsStringLiteral(PARTS).withDefault('run'))
  const trace = useQuery({ ...trpc.traces.summary.queryOptions({ traceId: run.traceId }), enabled: part === 'spans' })
  const value: unknown = part === 'run' ? run : part === 'steps' ? steps : trace.data
  const save = () => {
    const url = URL.createObjectURL(new Blob([toJsonText(value)], { type: 'application/json' }))
    const link = Object.assign(document.createElement('a'), { href: url, download: `${part}-${run.id}.json` })
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 1_000)
  }
  return (
    <section aria-label="Raw" className="p-5">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <select
          aria-label="What to show"
          className="h-8 rounded-md border bg-panel px-2"
          value={part}
          onChange={(event) => void setPart(PARTS.find((name) => name === event.target.value) ?? 'run')}
        >
          {PARTS.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <CopyButton label={`${part} as JSON`} text={() => toJsonText(value)} />
        <Button variant="ghost" size="small" onClick={save}>
          <Download size={13} aria-hidden /> Download
        </Button>
      </div>
      {part === 'spans' && trace.error !== null && <Failure error={trace.error} />}
      {value === undefined && trace.error === null ? (
        <Loading what="the spans" />
      ) : (
        <div className="rounded-md border bg-bg p-2.5">
          <JsonView key={part} value={value} depth={1} />
        </div>
      )}
    </section>
  )
}
