'use client'
import type { Cut } from '@cairn/sdk/protocol'
import { createContext, useContext, useState } from 'react'
import { cn } from './cn'
import { usePartSource } from './part-source'
import { VisibleText } from './visible-text'

const PIECE_CHARS = 20_000
const COUNT = new Intl.NumberFormat('en')

/** Characters of each long text within that are shown at first. */
export const FirstChars = createContext(PIECE_CHARS)

interface LongTextProps {
  readonly text: string
  /** JSON pointer to it in its span, where the rest of it may be loaded from. */
  readonly at?: string | undefined
  readonly className?: string
  /** Characters that are shown at first, where that is not what `FirstChars` says. */
  readonly first?: number
}

/** A text of any length: its beginning, and more of it on demand. What is long is never one element. */
export function LongText({ text, at, className, first }: LongTextProps) {
  const usual = useContext(FirstChars)
  const cut = usePartSource()?.cuts.get(at ?? '')
  // Another text in the same place begins anew.
  return <Pieces key={`${text.length} ${text.slice(0, 64)}`} text={text} cut={cut} first={first ?? usual} className={className} />
}

interface PiecesProps {
  readonly text: string
  readonly cut: Cut | undefined
  readonly first: number
  readonly className: string | undefined
}

function Pieces({ text, cut, first, className }: PiecesProps) {
  const source = usePartSource()
  const [later, setLater] = useState('')
  const [shown, setShown] = useState(first)
  const [problem, setProblem] = useState('')
  const all = text + later
  const of = Math.max(cut?.of ?? 0, all.length)
  const pieces: string[] = []
  const end = safeEnd(all, shown)
  for (let from = 0; from < end; ) {
    const to = safeEnd(all, Math.min(end, from + PIECE_CHARS))
    pieces.push(all.slice(from, to))
    from = to
  }
  const more = async () => {
    setProblem('')
    try {
      if (shown >= all.length && cut !== undefined && source !== null) {
        const part = await source.load(cut.at, all.length)
        if (part.kind === 'text') setLater(later + part.text)
      }
      setShown(end + PIECE_CHARS)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The rest could not be loaded.')
    }
  }
  return (
    <div dir="auto" className={cn('whitespace-pre-wrap [overflow-wrap:anywhere]', className)}>
      {pieces.map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places
        <VisibleText key={i} text={piece} />
      ))}
      {end < of && (
        <span dir="ltr" className="ml-1 inline-block whitespace-normal font-sans text-xs">
          <button type="button" className="text-accent hover:underline" onClick={() => void more()}>
            … {COUNT.format(Math.min(PIECE_CHARS, of - end))} more characters of {COUNT.format(of)}
          </button>
          {problem !== '' && <span className="ml-2 text-bad">{problem}</span>}
        </span>
      )}
    </div>
  )
}

/** Not between the halves of a pair. */
function safeEnd(text: string, end: number): number {
  if (end >= text.length) return text.length
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end + 1 : end
}
