'use client'
import { Component, lazy, type ReactNode, Suspense } from 'react'
import { LongText } from './long-text'

const Markdown = lazy(() => import('./markdown'))

/** More than this, or brackets and quotes nested without end, is shown as it was written: a reader has no use for it drawn. */
const LONGEST = 60_000
const TOO_DEEP = /(?:>[ \t]?){40}|[[\]*_!(<`~]{80}|(?:[ \t]*[-+*][ \t]+){40}/

/** Prose drawn as Markdown: no HTML, nothing loaded from elsewhere. */
export function MarkdownText({ text }: { text: string }) {
  const plain = <LongText text={text} />
  if (text.length > LONGEST || TOO_DEEP.test(text)) return plain
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
