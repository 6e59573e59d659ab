'use client'
import type { ReportDimension, ReportName } from '@cairn/sdk/protocol'
import { Download } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { Button } from '@/ui/button'

export const REPORT_HOURS = 720

/** The dimension of a report, in the address. */
export function useDimension(fallback: ReportDimension) {
  const [by, setBy] = useQueryState('by', parseAsString.withDefault(fallback).withOptions({ history: 'push' }))
  return [by as ReportDimension, setBy] as const
}

interface ReportControlsProps {
  readonly report: ReportName
  readonly dimensions: readonly ReportDimension[]
  readonly fallback: ReportDimension
}

/** By what, over which time, and the same as a file. */
export function ReportControls({ report, dimensions, fallback }: ReportControlsProps) {
  const [by, setBy] = useDimension(fallback)
  const [hours] = useRange(REPORT_HOURS)
  const from = new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000).toISOString()
  return (
    <>
      <label>
        <span className="sr-only">Group by</span>
        <select value={by} onChange={(event) => void setBy(event.target.value)} className="h-8 rounded-md border bg-panel px-2">
          {dimensions.map((dimension) => (
            <option key={dimension} value={dimension}>
              by {dimension}
            </option>
          ))}
        </select>
      </label>
      <RangeSelect fallback={REPORT_HOURS} />
      <Button asChild>
        <a
          href={`/download/reports/${report}?groupBy=${by}&from=${from}&format=csv`}
          download={`cairn-${report}-by-${by}.csv`}
          suppressHydrationWarning
        >
          <Download size={13} aria-hidden /> CSV
        </a>
      </Button>
    </>
  )
}
