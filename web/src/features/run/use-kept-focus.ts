'use client'
import { type RefObject, useEffect, useRef } from 'react'

/**
 * What a run can do changes with its status, and a button that has the focus may go: the keyboard then goes on from `heading`, not from
 * the top of the page.
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>, heading: RefObject<HTMLElement | null>): void {
  const last = useRef<EventTarget | null>(null)
  useEffect(() => {
    const element = box.current
    const onFocus = (event: FocusEvent) => {
      last.current = event.target
    }
    element?.addEventListener('focusin', onFocus)
    return () => element?.removeEventListener('focusin', onFocus)
  }, [box])
  // After each render: only one of them takes a button away.
  useEffect(() => {
    if (!(last.current instanceof Element) || last.current.isConnected || document.activeElement !== document.body) return
    last.current = null
    heading.current?.focus({ preventScroll: true })
  })
}
