'use client'
import type { ReactNode } from 'react'
import { CopyButton } from '@/ui/copy-button'
import { toText } from '@/ui/json-text'
import { useWhole } from '@/ui/part-source'
import { useStored } from '@/ui/use-stored'

/** A part of the panel that folds, and stays so for the next span. */
export function Section({ title, copy, at, children }: { title: string; copy?: unknown; at?: string; children: ReactNode }) {
  const whole = useWhole(copy, at)
  const [open, setOpen] = useStored(`section.${title}`, 'yes')
  return (
    <section aria-label={title} className="min-w-0">
      <div className="mb-1.5 flex items-center gap-2">
        <h3 className="text-xs">
          <button
            type="button"
            aria-expanded={open === 'yes'}
            onClick={() => setOpen(open === 'yes' ? 'no' : 'yes')}
            className="rounded font-medium text-muted hover:text-fg"
          >
            <span aria-hidden>{open === 'yes' ? '▾' : '▸'}</span> {title}
          </button>
        </h3>
        <span className="ml-auto" />
        {copy !== undefined && copy !== null && <CopyButton label={title} text={async () => toText(await whole())} />}
      </div>
      {open === 'yes' && children}
    </section>
  )
}
