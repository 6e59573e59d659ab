import { memo } from 'react'
import { splitVisible } from './visible-text-model'

/** Text from agents: only ever text, in its own direction, with what can't be seen named. */
export const VisibleText = memo(function VisibleText({ text }: { text: string }) {
  return (
    <bdi>
      <VisiblePieces text={text} />
    </bdi>
  )
})

/** The same for a part of a text that has one direction as a whole: what surrounds it sets it apart. */
export function VisiblePieces({ text }: { text: string }) {
  return splitVisible(text).map((piece, i) =>
    piece.sign === undefined ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places
      <span key={i} dir="ltr" className="mx-px rounded-sm bg-warn/15 px-0.5 font-mono text-[0.85em] text-warn [unicode-bidi:isolate]">
        {piece.sign}
      </span>
    ),
  )
}
