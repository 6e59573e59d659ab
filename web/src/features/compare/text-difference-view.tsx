'use client'
import { useState } from 'react'
import { Scroller } from '@/ui/scroller'
import { VisiblePieces } from '@/ui/visible-text'
import { useTextDifference } from './use-text-difference'

/** Of text that both have, so much is shown around what differs. Characters. */
const AROUND_CHARS = 240
const LONG_CHARS = 20_000
const PIECES = 2_000

/** Two texts as one, word by word: what only A has is struck through, what only B has is underlined. */
export function TextDifference({ a, b }: { a: string; b: string }) {
  const pieces = useTextDifference(a, b)
  const [whole, setWhole] = useState(false)
  if (pieces === undefined) return <p className="text-muted">Looking for what differs …</p>
  if (pieces === null)
    return (
      <>
        <p className="mb-1 text-2xs text-muted">Too long or too different to be shown as one text.</p>
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          <Plain side="A" text={a} />
          <Plain side="B" text={b} />
        </div>
      </>
    )
  const shown = whole ? pieces : pieces.slice(0, PIECES)
  const isLong = a.length + b.length > AROUND_CHARS * 8
  const isFolded = isLong && !whole && pieces.length > 1
  return (
    <div dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {shown.map((piece, i) => {
        if (piece.in === 'a')
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no ids and never change places
            <del key={i} className="rounded-sm bg-bad/15 decoration-2 decoration-bad">
              <VisiblePieces text={piece.text.slice(0, LONG_CHARS)} />
            </del>
          )
        if (piece.in === 'b')
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <ins key={i} className="rounded-sm bg-good/15 decoration-2 decoration-good underline-offset-2">
              <VisiblePieces text={piece.text.slice(0, LONG_CHARS)} />
            </ins>
          )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <span key={i}>
            <VisiblePieces text={isFolded ? fold(piece.text) : piece.text.slice(0, LONG_CHARS)} />
          </span>
        )
      })}
      {(isFolded || pieces.length > shown.length) && (
        <button type="button" className="ml-1 text-accent hover:underline" onClick={() => setWhole(true)}>
          show all of it
        </button>
      )}
    </div>
  )
}

const fold = (text: string): string =>
  text.length <= AROUND_CHARS * 2 ? text : `${text.slice(0, AROUND_CHARS)}\n⋯\n${text.slice(-AROUND_CHARS)}`

const Plain = ({ side, text }: { side: string; text: string }) => (
  <div className="min-w-0">
    <p className="text-2xs text-muted">
      {side}, {text.length} characters
    </p>
    <Scroller label={side} className="max-h-96 rounded-md border bg-bg">
      <div dir="auto" className="whitespace-pre-wrap p-2 [overflow-wrap:anywhere]">
        <VisiblePieces text={text.slice(0, LONG_CHARS)} />
        {text.length > LONG_CHARS && '…'}
      </div>
    </Scroller>
  </div>
)
