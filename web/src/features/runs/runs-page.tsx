'use client'
import { parseRunQuery } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { SlidersHorizontal } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { BulkBar } from './bulk-bar'
import { BulkProgress } from './bulk-progress'
import { FacetsPanel } from './facets-panel'
import { Histogram } from './histogram'
import { ColumnsMenu, ExportMenu } from './list-menus'
import { rowsBetween } from './live-rows-model'
import { QueryBar } from './query-bar'
import { replaceField, startedOf } from './query-model'
import { RunsTable } from './runs-table'
import { SavedViews } from './saved-views'
import { selectionUnder, selectMore, selectNothing } from './selection-model'
import { useLiveRuns } from './use-live-runs'
import { useRunKeys } from './use-run-keys'
import { readView, useRunsAddress } from './use-runs-address'

const TIMES = {
  '': 'Any time',
  '<15m': 'Last 15 minutes',
  '<1h': 'Last hour',
  '<24h': 'Last 24 hours',
  '<7d': 'Last 7 days',
  '<30d': 'Last 30 days',
}

export function RunsPage() {
  const trpc = useTRPC()
  const router = useRouter()
  const { query, sort, order, columns, row, subs, setAddress } = useRunsAddress()
  const [isAtTop, setAtTop] = useState(true)
  const [hasPanel, setPanel] = useState(false)
  const anchor = useRef<string | null>(null)
  const queryRef = useRef<HTMLInputElement>(null)
  const scrollRef = useRef<HTMLDivElement>(null)
  const isValid = parseRunQuery(query).errors.length === 0
  // Of a query that can't be read nothing is listed: what is done with "all that match" must never be done with all there are.
  const asked = { query: isValid ? query : '', subAgents: subs, sort, order }
  const [selection, setSelection] = useState(() => selectNothing(asked.query))
  const { ids: selected, isAll } = useMemo(() => selectionUnder(selection, asked.query), [selection, asked.query])
  const { pages, runs, fresh, accept, setVisible } = useLiveRuns(asked, {
    isHeld: !isAtTop || selected.size > 0 || row !== '',
    enabled: isValid,
  })
  const facets = useQuery({
    ...trpc.runs.facets.queryOptions({ query: asked.query, subAgents: subs }),
    enabled: isValid,
    refetchInterval: 5_000,
    placeholderData: (before) => (isValid ? before : undefined),
  })
  const found = isValid ? facets.data : undefined
  const clear = useCallback(() => setSelection(selectNothing(asked.query)), [asked.query])
  const setQuery = useCallback(
    (next: string) => {
      clear()
      void setAddress({ query: next })
    },
    [clear, setAddress],
  )
  const select = useCallback(
    (id: string, withShift: boolean) => {
      const between = withShift ? rowsBetween(runs, anchor.current, id) : [id]
      setSelection((before) => selectMore(selectionUnder(before, asked.query), between, !withShift))
      anchor.current = id
    },
    [runs, asked.query],
  )
  const ids = useMemo(() => runs.map((run) => run.id as string), [runs])
  const move = useCallback((id: string) => void setAddress({ row: id }, { history: 'replace' }), [setAddress])
  const open = useCallback((id: string) => router.push(`/runs/${id}`), [router])
  const leave = useCallback(() => {
    clear()
    if (row !== '') void setAddress({ row: '' }, { history: 'replace' })
  }, [clear, row, setAddress])
  useRunKeys({ ids, current: row, queryRef, onMove: move, onOpen: open, onSelect: select, onClear: leave })
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = pages
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [isFetchingNextPage, fetchNextPage])
  const started = startedOf(asked.query)
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Runs">
        <label>
          <span className="sr-only">Time</span>
          <select
            value={started}
            onChange={(event) => setQuery(replaceField(asked.query, 'started', event.target.value))}
            className="h-8 max-w-44 rounded-md border bg-panel px-2"
          >
            {Object.entries(TIMES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            {!(started in TIMES) && <option value={started}>As in the query</option>}
          </select>
        </label>
        <SavedViews
          now={{ query: asked.query, columns, sort: `${sort}:${order}` }}
          onOpen={(view) => {
            clear()
            void setAddress(readView(view))
          }}
        />
        <ColumnsMenu columns={columns} onChange={(next) => void setAddress({ columns: next }, { history: 'replace' })} />
        <ExportMenu query={isValid ? query : null} subAgents={subs} sort={sort} order={order} />
      </PageHeader>
      <div className="flex items-start gap-2 border-b px-4 py-2">
        <Button className="lg:hidden" aria-expanded={hasPanel} onClick={() => setPanel(!hasPanel)}>
          <SlidersHorizontal size={14} aria-hidden /> Filters
        </Button>
        <QueryBar value={query} onChange={setQuery} known={found?.facets ?? {}} inputRef={queryRef} />
        <p className="tabular shrink-0 py-1.5 text-muted text-xs" aria-live="polite">
          {found === undefined ? '' : `${formatCount(found.matched)} ${found.matched === 1 ? 'run' : 'runs'}`}
        </p>
      </div>
      <BulkProgress />
      {isValid && selected.size > 0 && (
        <BulkBar
          ids={[...selected]}
          isAll={isAll}
          matched={found?.matched}
          query={asked.query}
          onAll={subs ? undefined : () => setSelection({ query: asked.query, ids: selected, isAll: true })}
          onClear={clear}
        />
      )}
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <aside
          aria-label="Filters"
          className={cn(
            'max-h-72 shrink-0 overflow-y-auto border-b lg:block lg:max-h-none lg:w-56 lg:border-r lg:border-b-0',
            !hasPanel && 'hidden',
          )}
        >
          {facets.error !== null && <Failure error={facets.error} />}
          <FacetsPanel
            facets={found?.facets}
            query={asked.query}
            onQuery={setQuery}
            subAgents={subs}
            onSubAgents={(next) => {
              clear()
              void setAddress({ subs: next })
            }}
          />
        </aside>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {found !== undefined && found.matched > 0 && (
            <div className="border-b px-4 pt-1">
              <Histogram
                histogram={found.histogram}
                onRange={(from, to) => setQuery(replaceField(asked.query, 'started', `${from}..${to}`))}
              />
            </div>
          )}
          {fresh > 0 && (
            <button
              type="button"
              className="border-b bg-raised py-1 text-accent text-xs hover:underline"
              onClick={() => {
                accept()
                scrollRef.current?.scrollTo({ top: 0 })
              }}
            >
              {formatCount(fresh)} new {fresh === 1 ? 'run' : 'runs'}
            </button>
          )}
          {pages.error !== null && <Failure error={pages.error} />}
          {!isValid && <NoRuns title="The query can’t be read" isFiltered onAll={() => setQuery('')} />}
          {isValid && pages.isPending && pages.error === null && <Loading what="runs" />}
          {isValid && pages.isSuccess && runs.length === 0 && (
            <NoRuns title="No run matches" isFiltered={asked.query !== ''} onAll={() => setQuery('')}>
              {!subs && <SubAgentMatches query={asked.query} onShow={() => void setAddress({ subs: true })} />}
            </NoRuns>
          )}
          {isValid && runs.length > 0 && (
            <RunsTable
              scrollRef={scrollRef}
              runs={runs}
              columns={columns}
              sort={sort}
              order={order}
              selected={selected}
              current={row}
              hasMore={hasNextPage}
              onMore={more}
              onSort={(next) => void setAddress(next)}
              onSelect={select}
              onSelectAll={() => (selected.size > 0 ? clear() : setSelection({ query: asked.query, ids: new Set(ids), isAll: false }))}
              onTop={setAtTop}
              onVisible={setVisible}
            />
          )}
        </div>
      </div>
    </div>
  )
}

interface NoRunsProps {
  readonly title: string
  readonly isFiltered: boolean
  readonly onAll: () => void
  readonly children?: ReactNode
}

function NoRuns({ title, isFiltered, onAll, children }: NoRunsProps) {
  if (isFiltered)
    return (
      <Empty title={title}>
        {children}
        <button type="button" className="text-accent underline" onClick={onAll}>
          Remove all filters
        </button>
      </Empty>
    )
  return (
    <Empty title="No runs yet">
      <p>
        A run begins when a program calls <Code>agent.start(input)</Code>, or <Code>POST /api/v1/runs</Code>.
      </p>
    </Empty>
  )
}

/** Who looks for an agent that others call finds its runs too. */
function SubAgentMatches({ query, onShow }: { query: string; onShow: () => void }) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.runs.facets.queryOptions({ query, subAgents: true }))
  if (data === undefined || data.matched === 0) return null
  return (
    <p className="mb-2">
      {formatCount(data.matched)} {data.matched === 1 ? 'run' : 'runs'} of sub-agents {data.matched === 1 ? 'does' : 'do'}.{' '}
      <button type="button" className="text-accent underline" onClick={onShow}>
        Show {data.matched === 1 ? 'it' : 'them'}
      </button>
    </p>
  )
}
