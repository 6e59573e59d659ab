'use client'
import type { Span } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { CopyButton } from '@/ui/copy-button'
import { toText } from '@/ui/json-text'
import { LongText } from '@/ui/long-text'
import { useIsCut } from '@/ui/part-source'
import { Scroller } from '@/ui/scroller'
import { Failure, Loading } from '@/ui/states'
import { useStored } from '@/ui/use-stored'
import { VisibleText } from '@/ui/visible-text'
import { messagesOf } from './content-model'
import { ContentView, MessageBody, Prose, TreeView } from './content-view'
import { Section } from './span-section'
import { StateBetween } from './state-view'

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
            text={toText(value)}
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

/** What a step gave, where its span doesn't say: from its checkpoint. Spans within the step carry its key too, and gave something else. */
export function StepOutput({ span: { runId, stepKey, spanId } }: { span: Span }) {
  const trpc = useTRPC()
  const steps = useQuery(trpc.runs.steps.queryOptions({ id: runId }))
  const step = steps.data?.find((one) => one.key === stepKey && one.spanId === spanId && one.status === 'succeeded')
  return <Content title={step === undefined ? 'Output' : 'Output, from the checkpoint'} value={step?.output ?? null} at="/checkpoint" />
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
          <VisibleText text={span.interrupted ? 'Interrupted' : span.errorType || 'Error'} />
        </p>
        <CopyButton label="the exception" text={`${span.errorType}: ${span.errorMessage}\n${span.errorStack}`} />
      </div>
      <LongText text={span.errorMessage} className="mt-0.5" first={4_000} />
      {span.errorStack !== '' && (
        <details className="mt-2" open>
          <summary className="cursor-pointer text-muted">Stack</summary>
          <Scroller label="Stack" className="mt-1 max-h-72">
            <LongText text={span.errorStack} at="/errorStack" first={6_000} className="font-mono text-2xs" />
          </Scroller>
        </details>
      )}
    </section>
  )
}
