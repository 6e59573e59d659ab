import { useMemo } from 'react'
import { ContentView } from '@/features/run/content-view'
import { cn } from '@/ui/cn'
import { Link } from '@/ui/link'
import { FirstChars } from '@/ui/long-text'
import type { Piece } from './conversation-model'
import { toMessages } from './message-model'

interface MessagesProps {
  readonly pieces: readonly Piece[]
  readonly texts: Readonly<Record<string, { text: string; isCut: boolean }>>
  readonly hasHistory: boolean
  /** The page of the turn's run or trace. */
  readonly href: string
}

/** Of each message at first: a conversation is read as a whole. */
const FIRST_CHARS = 3_000

const SIDE = new Set(['system', 'tool', 'function', 'developer'])

/** What was said, one below the other; instructions and results of tools are folded. Text from agents is only ever text. */
export function Messages({ pieces, texts, hasHistory, href }: MessagesProps) {
  const messages = useMemo(() => toMessages(pieces, texts, hasHistory), [pieces, texts, hasHistory])
  if (messages.length === 0) return <p className="text-muted">Nothing new was said.</p>
  return (
    <FirstChars value={FIRST_CHARS}>
      <ol className="grid grid-cols-1 gap-2">
        {messages.map((message) => (
          <li key={message.key} className={cn('min-w-0', message.from === 'output' && 'border-accent border-l-2 pl-2.5')}>
            {SIDE.has(message.role) ? (
              <details>
                <summary className="cursor-pointer text-2xs text-muted uppercase tracking-wide">{message.role}</summary>
                <ContentView value={message.value} />
              </details>
            ) : (
              <ContentView value={message.value} />
            )}
            {message.isCut && (
              <p className="text-2xs text-warn">
                Its end is not loaded here; the whole text is at{' '}
                <Link href={`${href}?span=${message.spanId}`} className="text-accent hover:underline">
                  its span
                </Link>
                .
              </p>
            )}
          </li>
        ))}
      </ol>
    </FirstChars>
  )
}
