import { type Comparison, isRunId, isTraceId, type RunId, type TraceId } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useTRPC } from '@/lib/trpc'

const PARSERS = {
  a: parseAsString.withDefault(''),
  b: parseAsString.withDefault(''),
  executionA: parseAsInteger,
  executionB: parseAsInteger,
  by: parseAsStringLiteral(['step', 'span']).withDefault('step'),
  only: parseAsStringLiteral(['changed']),
  row: parseAsString,
}

/** What is compared, and how it is shown: all of it in the address. */
export function useCompareState() {
  const [state, setState] = useQueryStates(PARSERS, { history: 'push' })
  const swap = () => setState({ a: state.b, b: state.a, executionA: state.executionB, executionB: state.executionA, row: turn(state.row) })
  return { state, setState, swap }
}
type CompareState = ReturnType<typeof useCompareState>['state']

const turn = (row: string | null): string | null => (row === null ? null : row.split('~').reverse().join('~'))

/** `runs` and `traces` are told apart by how their ids are written. */
export const kindOf = ({ a, b }: Pick<CompareState, 'a' | 'b'>): 'runs' | 'traces' | 'incomplete' | 'unfit' => {
  if (a === '' || b === '') return 'incomplete'
  if (isRunId(a) && isRunId(b)) return 'runs'
  return isTraceId(a) && isTraceId(b) ? 'traces' : 'unfit'
}

const parseComparison = (text: string): Comparison => JSON.parse(text) as Comparison

export function useComparison({ a, b, executionA, executionB, by }: CompareState) {
  const trpc = useTRPC()
  const kind = kindOf({ a, b })
  const executions = { executionA: executionA ?? undefined, executionB: executionB ?? undefined }
  // It comes as one text, and is another whole: nothing of the one before need be kept.
  const options = { staleTime: 15_000, select: parseComparison, structuralSharing: false } as const
  const runs = useQuery({
    ...trpc.compare.runs.queryOptions({ a: a as RunId, b: b as RunId, ...executions, by }, options),
    enabled: kind === 'runs',
  })
  const traces = useQuery({
    ...trpc.compare.traces.queryOptions({ a: a as TraceId, b: b as TraceId }, options),
    enabled: kind === 'traces',
  })
  return kind === 'traces' ? traces : runs
}
