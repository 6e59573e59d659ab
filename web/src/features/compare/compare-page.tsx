'use client'
import { type Comparison, isTraceId } from '@cairn/sdk/protocol'
import { useMemo } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { useRested } from '@/lib/use-rested'
import { Button } from '@/ui/button'
import { Empty, Failure, Loading } from '@/ui/states'
import { CompareSides } from './compare-sides'
import { CompareTable } from './compare-table'
import { CompareToolbar } from './compare-toolbar'
import { ExecutionSelect } from './execution-select'
import { RowPanel } from './row-panel'
import { differs } from './rows-model'
import { SidePicker } from './side-picker'
import { Suggestions } from './suggestions'
import { kindOf, useCompareState, useComparison } from './use-compare'

/** Two runs, two executions of one, or two traces: aligned, with what differs between them. */
export function ComparePage() {
  const { state, setState, swap } = useCompareState()
  const comparison = useComparison(state)
  const kind = kindOf(state)
  const kindOfPicker = [state.a, state.b].some(isTraceId) ? 'traces' : 'runs'
  const setSide = (side: 'a' | 'b', id: string) =>
    void setState({ [side]: id, [side === 'a' ? 'executionA' : 'executionB']: null, row: null })
  const controls = (side: 'a' | 'b') => {
    const loaded = comparison.data?.[side]
    return (
      <>
        {loaded !== undefined && loaded.executions > 1 && (
          <ExecutionSelect
            side={side === 'a' ? 'A' : 'B'}
            of={loaded.executions}
            value={loaded.execution}
            onChange={(number) => void setState({ [side === 'a' ? 'executionA' : 'executionB']: number, row: null })}
          />
        )}
        <SidePicker name={side === 'a' ? 'A' : 'B'} kind={kindOfPicker} onPick={(id) => setSide(side, id)} />
      </>
    )
  }
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Compare">
        {kind !== 'incomplete' && (
          <Button size="small" onClick={() => void swap()}>
            Swap sides
          </Button>
        )}
      </PageHeader>
      {kind === 'incomplete' && (
        <Empty title={state.a === '' && state.b === '' ? 'Two runs beside each other' : 'One side is missing'}>
          <p className="mb-3">
            Choose {state.a === '' && state.b === '' ? 'two runs' : 'another run'}, or open a run and press Compare: it suggests its origin,
            its forks and a good run like it.
          </p>
          <div className="flex justify-center gap-2">
            {(['a', 'b'] as const).map(
              (side) =>
                state[side] === '' && (
                  <SidePicker
                    key={side}
                    name={side === 'a' ? 'A' : 'B'}
                    kind={kindOfPicker}
                    label="Choose"
                    onPick={(id) => setSide(side, id)}
                  />
                ),
            )}
          </div>
          <Suggestions id={state.a || state.b} />
        </Empty>
      )}
      {kind === 'unfit' && (
        <Failure error={{ message: 'Both sides must be runs, or both traces. Choose them anew, or open Compare from a run.' }} />
      )}
      {comparison.error !== null && <Failure error={comparison.error} />}
      {(kind === 'runs' || kind === 'traces') && comparison.isPending && comparison.error === null && <Loading what="both sides" />}
      {comparison.data !== undefined && (
        <Compared comparison={comparison.data} state={state} setState={setState} controls={controls} kind={kind} />
      )}
    </div>
  )
}

/** Keys held down pass many rows in less. */
const REST_MS = 120

interface ComparedProps {
  readonly comparison: Comparison
  readonly state: ReturnType<typeof useCompareState>['state']
  readonly setState: ReturnType<typeof useCompareState>['setState']
  readonly controls: (side: 'a' | 'b') => React.ReactNode
  readonly kind: ReturnType<typeof kindOf>
}

function Compared({ comparison, state, setState, controls, kind }: ComparedProps) {
  const rows = useMemo(() => (state.only === 'changed' ? comparison.rows.filter(differs) : comparison.rows), [comparison.rows, state.only])
  // Only the row that the keys rest on is read.
  const rowId = useRested(state.row, REST_MS)
  const row = useMemo(() => comparison.rows.find(({ id }) => id === rowId), [comparison.rows, rowId])
  const select = (id: string | null) => void setState({ row: id }, { history: 'replace' })
  return (
    <>
      <CompareSides comparison={comparison} controls={controls} />
      <CompareToolbar comparison={comparison} state={state} setState={setState} hasSteps={kind === 'runs'} onSelect={select} />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        {rows.length === 0 ? (
          <div className="flex-1">
            <Empty title={comparison.rows.length === 0 ? 'Neither side has done anything yet' : 'Nothing differs'}>
              {comparison.rows.length > 0 && (
                <button type="button" className="text-accent underline" onClick={() => void setState({ only: null })}>
                  Show all rows
                </button>
              )}
            </Empty>
          </div>
        ) : (
          <CompareTable rows={rows} all={comparison.rows} selected={state.row} onSelect={select} />
        )}
        {row !== undefined && <RowPanel key={row.id} row={row} comparison={comparison} onClose={() => select(null)} />}
      </div>
    </>
  )
}
