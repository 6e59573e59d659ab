import type { ReactNode } from 'react'
import { Link } from '@/ui/link'

/** The link of a row: a press anywhere in the row opens it. */
export const RowLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="font-medium after:absolute after:inset-0">
    {children}
  </Link>
)

/** Another link in the same row: above the one that covers it. */
export const InnerLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="relative z-[1] hover:underline">
    {children}
  </Link>
)
