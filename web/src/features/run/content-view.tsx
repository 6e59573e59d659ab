'use client'
import { JsonView } from '@/ui/json-view'
import { LongText } from '@/ui/long-text'
import { MarkdownText } from '@/ui/markdown-text'
import { usePartSource } from '@/ui/part-source'
import { useStored } from '@/ui/use-stored'
import { VisibleText } from '@/ui/visible-text'
import { type ChatMessage, isCallPart, isResultPart, messagesOf, type Part, resultField, resultOf, textOf, toShown } from './content-model'

interface ContentProps {
  readonly value: unknown
  /** JSON pointer to it in its span, where the rest of it may be loaded from. */
  readonly at?: string
}

/** A list of messages as a conversation, system parts as text, anything else as a tree. Text from agents is only ever text. */
export function ContentView({ value, at }: ContentProps) {
  if (value === null || value === undefined) return <p className="text-muted">None.</p>
  const messages = messagesOf(value)
  if (messages !== null)
    return (
      <ol className="grid grid-cols-1 gap-2">
        {messages.slice(0, MOST_MESSAGES).map((message, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids and never change places
          <li key={i} className="min-w-0 rounded-md border bg-bg p-2.5">
            <p className="mb-1 font-medium text-2xs text-muted uppercase tracking-wide">
              <VisibleText text={message.role.slice(0, 80)} />
            </p>
            <MessageBody message={message} at={at === undefined ? undefined : Array.isArray(value) ? `${at}/${i}` : at} />
          </li>
        ))}
        {messages.length > MOST_MESSAGES && (
          <li className="text-muted">{messages.length - MOST_MESSAGES} more messages are in the tree.</li>
        )}
      </ol>
    )
  if (Array.isArray(value) && value.length > 0 && value.every(isTextPart))
    return <Prose text={value.map((part: Part) => String(part.content ?? part.text)).join('\n')} />
  return <TreeView value={value} at={at} />
}

const MOST_MESSAGES = 300

export function TreeView({ value, at }: { value: unknown; at?: string | undefined }) {
  const source = usePartSource()
  const isCut = at !== undefined && [...(source?.cuts.keys() ?? [])].some((cut) => cut.startsWith(at))
  return (
    <div className="min-w-0 rounded-md border bg-bg p-2.5 font-mono text-xs">
      <JsonView value={isCut ? value : toShown(value)} at={at} />
    </div>
  )
}

const isTextPart = (part: unknown): part is Part =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'text' && ('content' in part || 'text' in part)

export function MessageBody({ message, at }: { message: ChatMessage; at?: string | undefined }) {
  const { content, parts = Array.isArray(content) ? (content as Part[]) : undefined } = message
  if (parts === undefined)
    return typeof content === 'string' ? <Prose text={content} at={at && `${at}/content`} /> : <JsonView value={content} />
  const under = message.parts === undefined ? 'content' : 'parts'
  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no ids and never change places
  return parts.map((part, i) => <PartView key={i} part={part} at={at && `${at}/${under}/${i}`} />)
}

export function PartView({ part, at }: { part: Part; at?: string | undefined }) {
  if (part === null || typeof part !== 'object') return <Prose text={String(part)} at={at} />
  if (isCallPart(part))
    return (
      <div className="font-mono text-xs">
        <span className="text-muted">calls </span>
        <VisibleText text={String(part.name ?? '').slice(0, 300)} />
        <JsonView value={part.arguments ?? null} at={at && `${at}/arguments`} />
      </div>
    )
  if (isResultPart(part))
    return (
      <div className="font-mono text-xs">
        <JsonView value={resultOf(part)} at={at && `${at}/${resultField(part)}`} />
      </div>
    )
  const text = textOf(part)
  const place = at && `${at}/${part.content === undefined ? 'text' : 'content'}`
  if (part.type === 'value')
    return typeof part.content === 'string' ? <Prose text={part.content} at={at} /> : <JsonView value={part.content} at={at} />
  if (part.type === 'reasoning' && text !== null)
    return (
      <details>
        <summary className="cursor-pointer text-muted">Reasoning</summary>
        <Prose text={text} at={place} />
      </details>
    )
  return text === null ? <JsonView value={part} at={at} /> : <Prose text={text} at={place} />
}

export function Prose({ text, at }: { text: string; at?: string | undefined }) {
  const [prose] = useProse()
  const isCut = usePartSource()?.cuts.has(at ?? '') ?? false
  return prose === 'markdown' && !isCut ? <MarkdownText text={text} /> : <LongText text={text} at={at} />
}

export const useProse = () => useStored('prose', 'text')

/** Prose as it was written, or drawn as Markdown; kept by the browser. */
export function ProseToggle() {
  const [prose, setProse] = useProse()
  return (
    <label className="flex items-center gap-1.5 text-muted text-xs">
      <input type="checkbox" checked={prose === 'markdown'} onChange={(event) => setProse(event.target.checked ? 'markdown' : 'text')} />
      Markdown
    </label>
  )
}
