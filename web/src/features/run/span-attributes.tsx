'use client'
import type { Span } from '@cairn/sdk/protocol'
import { useState } from 'react'
import { formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { CopyButton } from '@/ui/copy-button'
import { toText } from '@/ui/json-text'
import { JsonView } from '@/ui/json-view'
import { Link } from '@/ui/link'
import { LongText } from '@/ui/long-text'
import { useWhole } from '@/ui/part-source'
import { VisibleText } from '@/ui/visible-text'
import { attributeList } from './attribute-list'
import { Section } from './span-section'

interface AttributesProps {
  readonly title: string
  readonly values: Readonly<Record<string, unknown>>
  readonly at: string
  readonly of: Pick<Span, 'runId' | 'startTime'>
}

/** All that was sent: filtered, copied, and each value leads to what has it too. */
export function Attributes({ title, values, at, of }: AttributesProps) {
  const [sought, setSought] = useState('')
  const [shown, setShown] = useState(100)
  const entries = Object.entries(values).filter(([key, value]) => matches(key, value, sought.toLowerCase()))
  return (
    <Section title={title} copy={values} at={at}>
      <input
        type="search"
        aria-label={`Filter ${title}`}
        placeholder="Filter"
        value={sought}
        onChange={(event) => setSought(event.target.value)}
        className="mb-1 h-7 w-full rounded-md border bg-panel px-2 text-xs placeholder:text-muted"
      />
      {entries.length === 0 && <p className="text-muted">None.</p>}
      <dl>
        {entries.slice(0, shown).map(([key, value]) => {
          const list = typeof value === 'string' ? attributeList(of, key, value) : null
          return (
            <div key={key} className="group border-t py-1 first:border-t-0">
              <dt className="flex items-center gap-2 text-2xs text-muted">
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <VisibleText text={key.length > 200 ? `${key.slice(0, 200)}…` : key} />
                </span>
                <span className="ml-auto" />
                {list !== null && (
                  <Link href={list} className="text-accent hover:underline" aria-label={`Find others with this ${key.slice(0, 100)}`}>
                    find
                  </Link>
                )}
                <CopyValue label={key.slice(0, 100)} value={value} at={`${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`} />
              </dt>
              <dd className="min-w-0 font-mono text-xs">
                {typeof value === 'string' ? (
                  <LongText text={value} at={`${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`} first={600} />
                ) : (
                  <JsonView value={value} depth={1} at={`${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`} />
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      {entries.length > shown && (
        <button type="button" className="text-accent hover:underline" onClick={() => setShown(shown + 500)}>
          {entries.length - shown} more
        </button>
      )}
    </Section>
  )
}

function CopyValue({ label, value, at }: { label: string; value: unknown; at: string }) {
  const whole = useWhole(value, at)
  return <CopyButton label={label} text={async () => toText(await whole())} />
}

const matches = (key: string, value: unknown, sought: string): boolean =>
  sought === '' || key.toLowerCase().includes(sought) || (typeof value !== 'object' && String(value).toLowerCase().includes(sought))

export function Events({ span }: { span: Span }) {
  useTimeZone()
  return (
    <>
      {span.events.length === 0 && span.links.length === 0 && <p className="text-muted">No events, no links.</p>}
      {span.events.slice(0, 200).map((event, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events may share a time, and never change places
        <div key={i}>
          <p className="font-medium [overflow-wrap:anywhere]">
            <VisibleText text={event.name} /> <span className="font-normal text-muted">{formatTime(event.time)}</span>
          </p>
          <JsonView value={event.attributes} at={`/events/${i}/attributes`} />
        </div>
      ))}
      {span.events.length > 200 && <p className="text-muted">{span.events.length - 200} more events.</p>}
      {span.links.length > 0 && (
        <Section title="Links">
          <ul>
            {span.links.slice(0, 200).map((link, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: links never change places
              <li key={i} className="border-t py-1 font-mono text-xs first:border-t-0">
                <Link
                  className="text-accent hover:underline [overflow-wrap:anywhere]"
                  href={`/traces/${encodeURIComponent(link.traceId)}?span=${encodeURIComponent(link.spanId)}`}
                >
                  {link.traceId === span.traceId ? 'this trace' : link.traceId}, span {link.spanId}
                </Link>
                {Object.keys(link.attributes).length > 0 && <JsonView value={link.attributes} />}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
