'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatExact } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { Scroller } from '@/ui/scroller'
import { Failure, Loading } from '@/ui/states'
import { attributeName, formatLift, formatP, percent, type Strength, strengthOf, toRunsLink } from './failure-model'

const SHOWN = 8
const TONES: Readonly<Record<Strength, string>> = {
  strong: 'text-bad',
  likely: 'text-warn',
  'may be chance': 'text-muted',
  'too few to say': 'text-muted',
}

interface DifferencesTableProps {
  readonly group: string
  readonly agent: string
  readonly hours: number
}

/** Attributes that are more frequent among the failed than among good runs of the same agent, the most telling first. */
export function DifferencesTable({ group, agent, hours }: DifferencesTableProps) {
  const trpc = useTRPC()
  const [isWhole, setIsWhole] = useState(false)
  const query = useQuery({ ...trpc.failures.differences.queryOptions({ group, hours }), staleTime: 60_000 })
  if (query.error !== null) return <Failure error={query.error} />
  if (query.data === undefined) return <Loading what="what differs" />
  const { failed, good, rows } = query.data
  const nobody =
    failed.looked === 0
      ? 'Nothing failed so in this range.'
      : good.looked === 0
        ? 'No run of this agent succeeded in this range: there is nothing to compare with.'
        : null
  if (nobody !== null) return <p className="px-4 py-4 text-muted">{nobody} Choose a longer one.</p>
  const sampled = failed.looked < failed.total || good.looked < good.total
  return (
    <>
      {rows.length === 0 ? (
        <p className="px-4 py-4 text-muted">
          {failed.looked === 1
            ? 'Only one failed so in this range: what such failures share can’t be told from one.'
            : `Nothing that is known of ${formatExact(failed.looked)} failed and ${formatExact(good.looked)} good runs tells them apart.`}
        </p>
      ) : (
        <Scroller label="What differs">
          <table className="tabular w-full min-w-[40rem] text-left">
            <caption className="sr-only">Attributes that are more frequent among failed runs</caption>
            <thead className="border-b text-2xs text-muted">
              <tr>
                {['Attribute', 'Value', 'Of failed', 'Of good', 'As frequent', 'Proof'].map((name, at) => (
                  <th key={name} scope="col" className={`px-4 py-2 font-normal ${at > 1 ? 'text-right' : ''}`}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, isWhole ? rows.length : SHOWN).map((row) => {
                const link = toRunsLink(agent, row.attribute, row.value)
                const strength = strengthOf(row.p)
                return (
                  <tr key={`${row.attribute}\0${row.value}`} className="border-b last:border-b-0 hover:bg-raised">
                    <td className="px-4 py-1.5 text-muted">{attributeName(row.attribute)}</td>
                    <td className="max-w-80 truncate px-4 py-1.5 font-medium" title={row.value}>
                      {link === null ? (
                        row.value
                      ) : (
                        <Link href={link} className="hover:underline">
                          {row.value}
                        </Link>
                      )}
                    </td>
                    <td className="px-4 py-1.5 text-right">
                      <Share part={row.failed} all={failed.looked} tone="bg-bad" />
                    </td>
                    <td className="px-4 py-1.5 text-right">
                      <Share part={row.good} all={good.looked} tone="bg-good" />
                    </td>
                    <td className="px-4 py-1.5 text-right">{formatLift(row.lift)}</td>
                    <td className={`px-4 py-1.5 text-right ${TONES[strength]}`} title={`${formatP(row.p)}; ${row.bits.toFixed(3)} bits`}>
                      {strength}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scroller>
      )}
      {rows.length > SHOWN && !isWhole && (
        <p className="px-4 py-2">
          <Button size="small" onClick={() => setIsWhole(true)}>
            All {rows.length}
          </Button>
        </p>
      )}
      <p className="border-t px-4 py-2 text-2xs text-muted">
        {sampled
          ? `A sample: the newest ${formatExact(failed.looked)} of ${formatExact(failed.total)} failed against ${formatExact(good.looked)} of ${formatExact(good.total)} good ones, chosen evenly.`
          : `All ${formatExact(failed.looked)} failed against all ${formatExact(good.looked)} good ones of the same agent in the range.`}{' '}
        In the order of how much knowing the attribute says of whether a run fails (bits). “Proof” is Fisher’s exact test, made stricter by
        how many attributes were looked at: strong is p ≤ 0.001, likely p ≤ 0.05; “too few to say” is what most of the failed and few of the
        good have, too few to prove it. A difference is a hint, not a cause.
      </p>
    </>
  )
}

const Share = ({ part, all, tone }: { part: number; all: number; tone: string }) => (
  <span className="inline-flex items-center gap-2" title={`${formatExact(part)} of ${formatExact(all)}`}>
    <span aria-hidden className="hidden h-1.5 w-14 overflow-hidden rounded-full bg-raised sm:block">
      <span className={`block h-full rounded-full ${tone}`} style={{ width: percent(part, all).replace(' ', '') }} />
    </span>
    <span className="w-12">{percent(part, all)}</span>
  </span>
)
