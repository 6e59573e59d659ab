'use client'
import { useCallback, useInsertionEffect, useRef } from 'react'

/** For `onCloseAutoFocus`: gives the focus back to what had it when the dialog opened. Radix does so only for a trigger of its own. */
export function useFocusBack(open: boolean): (event: Event) => void {
  const before = useRef<Element | null>(null)
  // An effect of this kind runs before the dialog's own fields take the focus, which they do as they are put into the page.
  useInsertionEffect(() => {
    if (open) before.current = document.activeElement
  }, [open])
  return useCallback((event) => {
    event.preventDefault()
    if (before.current instanceof HTMLElement) before.current.focus()
  }, [])
}
