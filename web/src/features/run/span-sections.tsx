'use client'
import type { Span } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { formatExact, formatTime, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { CopyButton } from '@/ui/copy-button'
import { toJsonText } from '@/ui/json-text'
import { JsonView } from '@/ui/json-view'
import { LongText } from '@/ui/long-text'
import { useIsCut, useWhole } from '@/ui/part-source'
import { Failure, Loading } from '@/ui/states'
import { useStored } from '@/ui/use-stored'
import { VisibleText } from '@/ui/visible-text'
import { messagesOf } from './content-model'
import { ContentView, MessageBody, Prose, TreeView } from './content-view'
import { StateBetween } from './state-view'

/** A part of the panel that folds, and stays so for the next span. */
export function Section({ title, copy, at, children }: { title: string; copy?: unknown; at?: string; children: ReactNode }) {
  const whole = useWhole(copy, at)
  const [open, setOpen] = useStored(`section.${title}`, 'yes')
  return (
    <section aria-label={title} className="min-w-0">
      <div className="mb-1.5 flex items-center gap-2">
        <h3 className="text-xs">
          <button
            type="button"
            aria-expanded={open === 'yes'}
            onClick={() => setOpen(open === 'yes' ? 'no' : 'yes')}
            className="rounded font-medium text-muted hover:text-fg"
          >
            <span aria-hidden>{open === 'yes' ? '▾' : '▸'}</span> {title}
          </button>
        </h3>
        <span className="ml-auto" />
        {copy !== undefined && copy !== null && <CopyButton label={title} text={async () => toText(await whole())} />}
      </div>
      {open === 'yes' && children}
    </section>
  )
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : toJsonText(value))

const FORMS = ['chat', 'tree', 'text'] as const

/** An input or output as a conversation, a tree or a text. */
export function Content({ title, value, at }: { title: string; value: unknown; at: string }) {
  const [form, setForm] = useStored('content', 'chat')
  const isChat = messagesOf(value) !== null
  const isCut = useIsCut(at)
  return (
    <Section title={title} copy={value} at={at}>
      {value !== null && value !== undefined && (
        <fieldset className="mb-1.5 flex gap-1 text-2xs" aria-label={`How to show ${title}`}>
          {FORMS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={form === name}
              onClick={() => setForm(name)}
              className="rounded border px-1.5 text-muted aria-pressed:border-accent aria-pressed:text-fg"
            >
              {name === 'chat' && !isChat ? 'as it is' : name}
            </button>
          ))}
        </fieldset>
      )}
      {form === 'tree' ? (
        <TreeView value={value} at={at} />
      ) : form === 'text' ? (
        <>
          {isCut && typeof value !== 'string' && <p className="text-muted text-xs">Long parts of it are cut here. Copy has all of it.</p>}
          <LongText
            text={typeof value === 'string' ? value : toJsonText(value)}
            at={typeof value === 'string' ? at : undefined}
            className="rounded-md border bg-bg p-2.5 font-mono text-xs"
          />
        </>
      ) : typeof value === 'string' ? (
        <Prose text={value} at={at} />
      ) : (
        <ContentView value={value} at={at} />
      )}
    </Section>
  )
}

/** What a model call's input has that the conversation did not have before. */
export function NewInput({ traceId, spanId }: { traceId: string; spanId: string }) {
  const trpc = useTRPC()
  const [asked, setAsked] = useState(false)
  const told = useQuery({ ...trpc.views.transcript.queryOptions({ traceId: traceId as never, spanId: spanId as never }), enabled: asked })
  const item = told.data?.items[0]
  return (
    <div>
      <button type="button" aria-expanded={asked} className="text-accent text-xs hover:underline" onClick={() => setAsked(!asked)}>
        {asked ? 'Hide the difference to the calls before' : 'Difference to the calls before'}
      </button>
      {asked && told.isPending && <Loading what="the difference" />}
      {asked && told.error !== null && <p className="text-muted">This span is not a call of the conversation.</p>}
      {asked && item?.type === 'call' && (
        <div className="mt-2 border-l-2 border-l-good/60 pl-2">
          <p className="mb-1 text-muted text-xs">
            {item.repeated} messages as before, {item.added.length} new
          </p>
          {item.added.map((message) => (
            <div key={message.at} className="mb-2">
              <p className="text-2xs text-muted uppercase">{message.role.slice(0, 80)}</p>
              <MessageBody message={message as never} at={message.at} />
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** What the step changed in the run's state. */
export function StepState({ runId, stepKey }: { runId: string; stepKey: string }) {
  const trpc = useTRPC()
  const steps = useQuery(trpc.runs.steps.queryOptions({ id: runId }))
  const done = steps.data?.filter(({ status }) => status === 'succeeded').map(({ key }) => key) ?? []
  const at = done.indexOf(stepKey)
  if (steps.error !== null) return <Failure error={steps.error} />
  if (at === -1) return <p className="text-muted">Only a finished step has a state after it.</p>
  return <StateBetween runId={runId} step={stepKey} against={done[at - 1] ?? '(start)'} />
}

export function Exception({ span }: { span: Span }) {
  return (
    <section aria-label="Exception" className="rounded-md border border-bad/40 bg-bad/5 p-3">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium text-bad [overflow-wrap:anywhere]">
          <VisibleText text={span.errorType || 'Error'} />
        </p>
        <CopyButton label="the exception" text={`${span.errorType}: ${span.errorMessage}\n${span.errorStack}`} />
      </div>
      <LongText text={span.errorMessage} className="mt-0.5" first={4_000} />
      {span.errorStack !== '' && (
        <details className="mt-2" open>
          <summary className="cursor-pointer text-muted">Stack</summary>
          <LongText text={span.errorStack} at="/errorStack" first={6_000} className="mt-1 max-h-72 overflow-auto font-mono text-2xs" />
        </details>
      )}
    </section>
  )
}

/** Which list shows what has this value too. */
function listOf(key: string, value: string): string | null {
  const to = (page: string, name: string) => `/${page}?${name}=${encodeURIComponent(value)}`
  if (value === '' || value.length > 200) return null
  if (key === 'gen_ai.agent.name' || key === 'cairn.agent') return to('runs', 'agent')
  if (key === 'session.id' || key === 'gen_ai.conversation.id') return to('runs', 'sessionId')
  if (key === 'user.id' || key === 'enduser.id') return to('runs', 'userId')
  return to('traces', 'q')
}

/** All that was sent: filtered, copied, and each value leads to what has it too. */
export function Attributes({ title, values, at }: { title: string; values: Readonly<Record<string, unknown>>; at: string }) {
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
          const list = value !== null && typeof value !== 'object' ? listOf(key, String(value)) : null
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

const PARTS = [
  ['input', 'Input, not cached'],
  ['cacheRead', 'Cache read'],
  ['cacheWrite', 'Cache write'],
  ['cacheWrite1h', 'Cache write, 1 hour'],
  ['output', 'Output'],
  ['reasoning', 'Reasoning'],
  ['audioInput', 'Audio in'],
  ['audioOutput', 'Audio out'],
  ['images', 'Images'],
  ['requests', 'Requests'],
] as const

const SAVED_BY = { step_cache: 'the step cache', compaction: 'the summary of older messages' } as const
const savedText = ({ by, tokens, usd }: NonNullable<Span['saved']>) =>
  `Saved by ${SAVED_BY[by]}: ${formatExact(tokens)} tokens, ${formatUsd(usd)}`

export function UsageTable({ span }: { span: Span }) {
  const rows = PARTS.filter(([part]) => span.usage[part] > 0)
  const saved = span.saved && <p className="mt-3 first:mt-0">{savedText(span.saved)}</p>
  if (rows.length === 0) return saved ?? <p className="text-muted">No usage was reported.</p>
  return (
    <>
      <table className="tabular w-full text-left">
        <thead className="text-2xs text-muted">
          <tr>
            <th className="pb-1 font-normal">Part</th>
            <th className="pb-1 text-right font-normal">Tokens</th>
            <th className="pb-1 text-right font-normal">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([part, label]) => (
            <tr key={part} className="border-t">
              <td className="py-1">{label}</td>
              <td className="text-right">{formatExact(span.usage[part])}</td>
              <td className="text-right">{span.cost.priced ? formatUsd(span.cost.parts[part] ?? '0') : 'no price'}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t font-medium">
            <td className="py-1">Total</td>
            <td className="text-right">{formatExact(span.usage.total)}</td>
            <td className="text-right">{formatUsd(span.cost.total)}</td>
          </tr>
        </tfoot>
      </table>
      {saved}
      <p className="mt-3 text-2xs text-muted">
        {span.priceId === '' ? 'No price is known for this model.' : `Price: ${span.priceId}`}
        {!span.billable && ' · Not counted into sums: an inner span reports the same call.'}
      </p>
    </>
  )
}
