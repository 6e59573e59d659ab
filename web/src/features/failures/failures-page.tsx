'use client'
import { FAILURE_SORTS, FAILURE_STATES, type FailureSummary } from '@cairn/sdk/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { refetchWhileShort } from '@/features/lists/live'
import { SearchBox } from '@/features/lists/search-box'
import { useActions, useShortcuts } from '@/features/shell/commands'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { moveRow, toMute } from './failure-model'
import { FailureRow } from './failure-row'
import { useDecide } from './use-decide'

const RulesDialog = dynamic(() => import('./rules-dialog').then((module) => module.RulesDialog))

const HOURS = 168
const TABS = [...FAILURE_STATES, 'all'] as const
const SORTS = [
  ['lastSeen', 'Last seen'],
  ['firstSeen', 'First seen'],
  ['count', 'Most frequent'],
  ['lost', 'Most lost'],
] as const

const PARSERS = {
  state: parseAsStringLiteral(TABS).withDefault('open'),
  sort: parseAsStringLiteral(FAILURE_SORTS).withDefault('lastSeen'),
  agent: parseAsString.withDefault(''),
  version: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
  at: parseAsString,
  rules: parseAsBoolean.withDefault(false),
}

/** Groups of failures: what is wrong, since when, and what was decided about it. */
export function FailuresPage() {
  const trpc = useTRPC()
  const [hours] = useRange(HOURS)
  const [view, setView] = useQueryStates(PARSERS)
  const pages = useInfiniteQuery(
    trpc.failures.list.infiniteQueryOptions(
      {
        hours,
        sort: view.sort,
        state: view.state === 'all' ? undefined : view.state,
        q: view.q || undefined,
        agent: view.agent || undefined,
        version: view.version || undefined,
      },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: refetchWhileShort, placeholderData: (before) => before },
    ),
  )
  const groups = pages.data?.pages.flatMap((page) => page.items) ?? []
  const counts = pages.data?.pages[0]?.counts
  const isFiltered = view.q !== '' || view.agent !== '' || view.version !== ''
  useKeys(groups, view.at, (at) => void setView({ at }))
  return (
    <>
      <PageHeader title="Failures">
        <SearchBox
          label="Search failures"
          placeholder="Type, message, agent or step"
          value={view.q}
          onChange={(q) => void setView({ q, at: null })}
        />
        <label>
          <span className="sr-only">Order</span>
          <select
            value={view.sort}
            onChange={(event) => void setView({ sort: event.target.value as (typeof FAILURE_SORTS)[number] })}
            className="h-8 rounded-md border bg-panel px-2"
          >
            {SORTS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <RangeSelect fallback={HOURS} />
        <Button onClick={() => void setView({ rules: true })}>Grouping</Button>
      </PageHeader>
      <nav aria-label="States of failures" className="flex gap-5 overflow-x-auto border-b px-5">
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            aria-current={view.state === tab ? 'page' : undefined}
            onClick={() => void setView({ state: tab, at: null }, { history: 'push' })}
            className="border-transparent border-b-2 px-1 py-2 text-muted capitalize aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-fg"
          >
            {tab}{' '}
            {counts !== undefined && (
              <span className="tabular text-2xs">
                {formatCount(tab === 'all' ? counts.open + counts.resolved + counts.muted : counts[tab])}
              </span>
            )}
          </button>
        ))}
        <p className="ml-auto hidden items-center py-2 text-2xs text-muted lg:flex">
          j k to move · Enter to open · r resolve · m mute for a week · u undo
        </p>
      </nav>
      {(view.agent !== '' || view.version !== '') && (
        <p className="flex items-center gap-2 border-b px-5 py-2 text-muted">
          Only {view.agent !== '' && <Code>{view.agent}</Code>} {view.version !== '' && <Code>{`v${view.version}`}</Code>}
          <Button size="small" variant="ghost" onClick={() => void setView({ agent: null, version: null })}>
            Show all
          </Button>
        </p>
      )}
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="failures" />}
      {pages.isSuccess && groups.length === 0 && <Nothing state={view.state} isFiltered={isFiltered} />}
      <ul aria-label="Groups of failures">
        {groups.map((group) => (
          <FailureRow key={group.group} group={group} hours={hours} isSelected={group.group === view.at} />
        ))}
      </ul>
      {pages.data?.pages[0]?.truncated && (
        <p className="px-5 py-3 text-muted">Only the 5,000 most frequent groups are looked at. Search, or choose a shorter range.</p>
      )}
      {pages.hasNextPage && (
        <div className="p-4 text-center">
          <Button onClick={() => void pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
            More
          </Button>
        </div>
      )}
      {view.rules && <RulesDialog open onOpenChange={(rules) => void setView({ rules })} />}
    </>
  )
}

/** j, k and Enter as everywhere; r, m and u decide about the selected group. */
function useKeys(groups: readonly FailureSummary[], at: string | null, select: (at: string | null) => void): void {
  const router = useRouter()
  const { decide, undo } = useDecide()
  const selected = groups.find((group) => group.group === at)
  const ids = groups.map((group) => group.group)
  const to = (by: number) => () => {
    const next = moveRow(ids, at, by)
    select(next)
    document.getElementById(`failure-${next}`)?.focus()
  }
  useShortcuts('Failures', [
    { keys: ['j', 'ArrowDown'], what: 'Next group', run: to(1) },
    { keys: ['k', 'ArrowUp'], what: 'Group before', run: to(-1) },
    { keys: 'Enter', what: 'Open the selected group', run: () => selected && router.push(`/failures/${selected.group}`) },
  ])
  useActions('Failures', [
    { keys: 'u', what: 'Take the last decision back', run: undo },
    ...(selected === undefined || selected.state === 'resolved'
      ? []
      : [{ keys: 'r', what: `Resolve ${selected.errorType}`, run: () => decide(selected, { state: 'resolved' }) }]),
    ...(selected === undefined || selected.state === 'muted'
      ? []
      : [{ keys: 'm', what: `Mute ${selected.errorType} for a week`, run: () => decide(selected, toMute('for a week', Date.now())) }]),
  ])
}

function Nothing({ state, isFiltered }: { state: (typeof TABS)[number]; isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No group matches">Search for less, or choose a longer range.</Empty>
  if (state === 'open' || state === 'all')
    return (
      <Empty title={state === 'open' ? 'Nothing is open in this range' : 'Nothing failed in this range'}>
        <p>
          Runs that fail or crash come here by themselves, and so do traces of any OpenTelemetry exporter whose root is in error. To see
          one, throw an error in a step of an agent.
        </p>
      </Empty>
    )
  return (
    <Empty title={`Nothing is ${state} in this range`}>
      <p>Select an open group and press {state === 'muted' ? <Code>m</Code> : <Code>r</Code>}.</p>
    </Empty>
  )
}
