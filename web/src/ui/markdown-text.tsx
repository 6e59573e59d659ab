'use client'
import { Component, lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { LongText } from './long-text'
import { isDrawable, splitBlocks } from './markdown-limits'

const Markdown = lazy(() => import('./markdown'))

const FIRST_BLOCKS = 3
const MORE_BLOCKS = 6

/** Prose drawn as Markdown, piece by piece: no HTML, nothing loaded from elsewhere. */
export function MarkdownText({ text }: { text: string }) {
  const blocks = useMemo(() => splitBlocks(text), [text])
  const [shown, setShown] = useState(FIRST_BLOCKS)
  const left = blocks.slice(shown).reduce((sum, block) => sum + block.length, 0)
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      {blocks.slice(0, shown).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never change places
        <Block key={i} text={block} />
      ))}
      {left > 0 && (
        <button
          type="button"
          className="justify-self-start text-accent text-xs hover:underline"
          onClick={() => setShown(shown + MORE_BLOCKS)}
        >
          … {left.toLocaleString('en')} more characters
        </button>
      )}
    </div>
  )
}

function Block({ text }: { text: string }) {
  const plain = <LongText text={text} />
  if (!isDrawable(text)) return plain
  return (
    <OrElse key={text} fallback={plain}>
      <Suspense fallback={plain}>
        <Markdown text={text} />
      </Suspense>
    </OrElse>
  )
}

/** What can't be drawn is shown as text. */
class OrElse extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
