'use client'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { Button } from './button'
import { useFocusBack } from './use-focus-back'

interface DialogProps {
  readonly title: string
  readonly description?: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly children: ReactNode
}

const FOCUSABLE = ['input', 'select', 'textarea', 'button', 'a[href]'].map((name) => `${name}:not([disabled])`).join()

/** On what the dialog asks, not on the way out of it, which Enter would take. What has `autoFocus` has the focus already. */
function focusFirst(event: Event, body: HTMLElement | null): void {
  const hasFocus = body?.contains(document.activeElement) ?? false
  const first = hasFocus ? undefined : body?.querySelector<HTMLElement>(FOCUSABLE)
  if (hasFocus || first) event.preventDefault()
  first?.focus()
}

export function Dialog({ title, description, open, onOpenChange, children }: DialogProps) {
  const giveFocusBack = useFocusBack(open)
  const body = useRef<HTMLDivElement>(null)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          onOpenAutoFocus={(event) => focusFirst(event, body.current)}
          onCloseAutoFocus={giveFocusBack}
          className="-translate-x-1/2 fixed top-[8vh] left-1/2 z-50 flex max-h-[84vh] w-[min(40rem,calc(100vw-2rem))] flex-col rounded-lg border bg-panel shadow-2xl"
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="flex items-start justify-between gap-4 border-b px-5 py-4">
            <div>
              <Radix.Title className="font-semibold text-[15px]">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" aria-label="Close">
                <X size={16} aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          <div ref={body} className="min-h-0 overflow-y-auto px-5 py-4">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
