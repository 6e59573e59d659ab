'use client'
import type { ComparedItem, ComparedRow, ComparedSide, Comparison } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { ContentView } from '@/features/run/content-view'
import { formatExact, formatMs } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Failure, Loading } from '@/ui/states'
import { TAB } from '@/ui/tab'
import { DifferenceText } from './difference-text'
import { costOf, countsOf, sayCost, sayDuration, sayTokens } from './format-difference'
import { type PanelSide, toPanelSide } from './panel-model'
import { verdictText } from './rows-model'
import { ValueDifference } from './value-difference'

interface PanelProps {
  readonly row: ComparedRow
  readonly comparison: Comparison
  readonly onClose: () => void
}

/** A row opened: what went in, what came out, what broke and every attribute, of both sides against each other. */
export function RowPanel({ row, comparison, onClose }: PanelProps) {
  // Both have the same checkpoint: the side that ran it knows more.
  const isShared = row.verdict === 'shared'
  const a = usePanelSide(isShared && row.a?.replayed ? undefined : row.a, comparison.a)
  const b = usePanelSide(isShared && !row.a?.replayed ? undefined : row.b, comparison.b)
  const error = a.error ?? b.error
  return (
    <aside
      aria-label="Row"
      className="flex max-h-[70vh] min-h-0 w-full flex-col border-t bg-panel lg:max-h-none lg:w-[32rem] lg:border-t-0 lg:border-l xl:w-[42rem]"
    >
      <header className="flex items-start gap-2 border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold [overflow-wrap:anywhere]">{row.name}</h2>
          <p className="mt-0.5 text-muted">
            {row.kind} · {verdictText(row)}
          </p>
        </div>
        <Button variant="ghost" size="icon" aria-label="Close row" onClick={onClose}>
          <X size={15} aria-hidden />
        </Button>
      </header>
      <Figures row={row} />
      {error !== null && <Failure error={error} />}
      {a.isLoading || b.isLoading ? <Loading what="both sides" /> : <Contents row={row} a={a.side} b={b.side} />}
    </aside>
  )
}

function usePanelSide(item: ComparedItem | undefined, side: ComparedSide) {
  const trpc = useTRPC()
  const runId = item?.runId ?? side.runId
  const key = item?.step
  const spanId = item?.spanId
  const traceId = item?.traceId ?? side.traceId
  const hasStep = key !== undefined && runId !== null
  const step = useQuery({
    ...trpc.compare.step.queryOptions({ id: runId as never, key: key ?? '' }, { staleTime: 15_000 }),
    enabled: hasStep,
  })
  const span = useQuery({
    ...trpc.traces.span.queryOptions({ traceId, spanId: spanId as never }, { staleTime: 15_000 }),
    enabled: spanId !== undefined,
  })
  // A checkpoint whose span has not come, or was deleted, still has its output.
  const isSpanGone = span.error?.data?.code === 'NOT_FOUND'
  return {
    isLoading: (hasStep && step.isPending && step.error === null) || (spanId !== undefined && span.isPending && span.error === null),
    error: step.error ?? (isSpanGone ? null : span.error),
    side: item === undefined ? undefined : toPanelSide({ item, step: step.data ?? undefined, span: span.data }),
  }
}

function Contents({ row, a, b }: { row: ComparedRow; a: PanelSide | undefined; b: PanelSide | undefined }) {
  const alone = a === undefined ? b : b === undefined ? a : undefined
  const note =
    row.verdict === 'shared'
      ? 'Both sides have this checkpoint: it ran once.'
      : a === undefined
        ? 'Only side B has it.'
        : b === undefined
          ? 'Only side A has it.'
          : null
  return (
    <Tabs.Root defaultValue="content" className="flex min-h-0 flex-1 flex-col">
      <Tabs.List aria-label="Parts of the row" className="flex gap-4 border-b px-4">
        <Tabs.Trigger value="content" className={TAB}>
          Input and output
        </Tabs.Trigger>
        <Tabs.Trigger value="attributes" className={TAB}>
          Attributes
        </Tabs.Trigger>
      </Tabs.List>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by keys too */}
      <section className="min-h-0 flex-1 overflow-y-auto p-4" tabIndex={0} aria-label="Contents">
        {note !== null && <p className="mb-3 text-muted">{note}</p>}
        <Tabs.Content value="content" className="grid grid-cols-1 gap-5">
          {(a?.error ?? b?.error) && <Part name="Error" part="error" a={a} b={b} alone={alone} />}
          {(a?.system ?? b?.system) ? <Part name="System" part="system" a={a} b={b} alone={alone} /> : null}
          <Part name="Input" part="input" a={a} b={b} alone={alone} />
          <Part name="Output" part="output" a={a} b={b} alone={alone} />
        </Tabs.Content>
        <Tabs.Content value="attributes" className="grid grid-cols-1 gap-5">
          <Part name="Parameters" part="parameters" a={a} b={b} alone={alone} />
          <Part name="Attributes" part="attributes" a={a} b={b} alone={alone} />
        </Tabs.Content>
      </section>
    </Tabs.Root>
  )
}

interface PartProps {
  readonly name: string
  readonly part: keyof PanelSide
  readonly a: PanelSide | undefined
  readonly b: PanelSide | undefined
  readonly alone: PanelSide | undefined
}

function Part({ name, part, a, b, alone }: PartProps) {
  if (alone === undefined) return <ValueDifference name={name} a={a?.[part]} b={b?.[part]} />
  return (
    <section aria-label={name}>
      <h3 className="mb-1.5 font-medium text-muted text-xs">{name}</h3>
      <ContentView value={alone[part]} />
    </section>
  )
}

function Figures({ row }: { row: ComparedRow }) {
  const { a, b, difference } = row
  const counts = countsOf(row)
  const duration = (item: ComparedItem | undefined) =>
    item === undefined ? '–' : item.givenByHand ? 'given by hand' : item.replayed ? 'from checkpoint' : formatMs(item.durationMs ?? null)
  const rows: [string, string, string, React.ReactNode][] = [
    ['Status', a?.status ?? '–', b?.status ?? '–', null],
    ['Duration', duration(a), duration(b), difference && <DifferenceText key="d" said={sayDuration(difference, counts.speed)} withWord />],
    [
      'Tokens',
      formatExact(a?.tokens ?? 0),
      formatExact(b?.tokens ?? 0),
      difference && <DifferenceText key="t" said={sayTokens(difference, counts.tokens)} />,
    ],
    ['Cost', costOf(a), costOf(b), difference && <DifferenceText key="c" said={sayCost(difference, counts.price)} withWord />],
    ...(a?.model || b?.model ? [['Model', a?.model ?? '–', b?.model ?? '–', null] as [string, string, string, null]] : []),
    ...(a?.attempts || b?.attempts
      ? [['Attempts', String(a?.attempts ?? 1), String(b?.attempts ?? 1), null] as [string, string, string, null]]
      : []),
  ]
  return (
    <div className="border-b px-4 py-2">
      <table className="tabular w-full text-left">
        <thead className="text-2xs text-muted">
          <tr>
            <th className="font-normal">
              <span className="sr-only">Figure</span>
            </th>
            <th className="font-normal">A</th>
            <th className="font-normal">B</th>
            <th className="font-normal">B − A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ofA, ofB, said]) => (
            <tr key={name}>
              <th className="pr-3 font-normal text-muted">{name}</th>
              <td className="pr-3 [overflow-wrap:anywhere]">{ofA}</td>
              <td className="pr-3 [overflow-wrap:anywhere]">{ofB}</td>
              <td>{said}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
