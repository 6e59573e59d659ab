import type { ReactNode } from 'react'
import { cn } from './cn'

interface ScrollerProps {
  /** What it holds, for readers who come to it by Tab. */
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}

/** Something that may be wider or higher than its place, and is scrolled by keys too. */
export const Scroller = ({ label, className, children }: ScrollerProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
  <section aria-label={label} tabIndex={0} className={cn('overflow-auto', className)}>
    {children}
  </section>
)
