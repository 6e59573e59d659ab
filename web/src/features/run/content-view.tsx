import { decodeValue, type JsonValue } from '@cairn/sdk/protocol'
import { JsonView } from '@/ui/json-view'

interface Part {
  readonly type?: string
  readonly content?: unknown
  readonly text?: unknown
  readonly name?: unknown
  readonly arguments?: unknown
  readonly result?: unknown
  readonly response?: unknown
}

interface ChatMessage {
  readonly role: string
  readonly parts?: readonly Part[]
  readonly content?: unknown
}

const isMessage = (value: unknown): value is ChatMessage =>
  typeof value === 'object' &&
  value !== null &&
  'role' in value &&
  typeof value.role === 'string' &&
  ('parts' in value || 'content' in value)

/** A list of messages as a conversation, system parts as text, anything else as a tree. Text from agents is only ever text. */
export function ContentView({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <p className="text-muted">None.</p>
  const messages = Array.isArray(value) ? value : [value]
  if (messages.length > 0 && messages.every(isMessage)) return <Conversation messages={messages} />
  if (Array.isArray(value) && value.length > 0 && value.every(isTextPart))
    return <Prose text={value.map((part: Part) => String(part.content ?? part.text)).join('\n')} />
  return (
    <div className="rounded-md border bg-bg p-2.5 font-mono text-xs">
      <JsonView value={toShown(value)} />
    </div>
  )
}

const isTextPart = (part: unknown): part is Part =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'text' && ('content' in part || 'text' in part)

/** Dates, maps and the like as what they are; what can't be shown so stays as it was sent. */
function toShown(value: unknown): unknown {
  try {
    const decoded = decodeValue(value as JsonValue)
    return decoded instanceof Map || decoded instanceof Set ? [...decoded] : decoded instanceof Date ? decoded.toISOString() : decoded
  } catch {
    return value
  }
}

function Conversation({ messages }: { messages: readonly ChatMessage[] }) {
  return (
    <ol className="grid grid-cols-1 gap-2">
      {messages.map((message, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids and never change places
        <li key={i} className="rounded-md border bg-bg p-2.5">
          <p className="mb-1 font-medium text-2xs text-muted uppercase tracking-wide">{message.role}</p>
          {message.parts === undefined ? <Content content={message.content} /> : <Parts parts={message.parts} />}
        </li>
      ))}
    </ol>
  )
}

function Content({ content }: { content: unknown }) {
  if (typeof content === 'string') return <Prose text={content} />
  if (Array.isArray(content)) return <Parts parts={content} />
  return <JsonView value={content} />
}

// biome-ignore lint/suspicious/noArrayIndexKey: parts have no ids and never change places
const Parts = ({ parts }: { parts: readonly Part[] }) => parts.map((part, i) => <PartView key={i} part={part} />)

function PartView({ part }: { part: Part }) {
  if (part.type === 'tool_call' || part.type === 'tool_use')
    return (
      <div className="font-mono text-xs">
        <span className="text-muted">calls </span>
        {String(part.name)}
        <JsonView value={part.arguments ?? null} />
      </div>
    )
  if (part.type === 'tool_call_response' || part.type === 'tool_result')
    return (
      <div className="font-mono text-xs">
        <JsonView value={part.result ?? part.response ?? part.content ?? null} />
      </div>
    )
  const text = part.content ?? part.text
  if (part.type === 'reasoning' && typeof text === 'string')
    return (
      <details>
        <summary className="cursor-pointer text-muted">Reasoning</summary>
        <Prose text={text} />
      </details>
    )
  return typeof text === 'string' ? <Prose text={text} /> : <JsonView value={part} />
}

const LONG_CHARS = 20_000

function Prose({ text }: { text: string }) {
  const shown = text.slice(0, LONG_CHARS)
  return (
    <div dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {shown}
      {text.length > LONG_CHARS && <span className="text-muted">… {text.length - LONG_CHARS} more characters; copy to see them all</span>}
    </div>
  )
}
