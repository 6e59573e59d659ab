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
    // Whoever turned to another part of the page is left there. A button that is disabled for a moment loses the focus too, and counts.
    const onElsewhere = ({ target }: Event) => {
      if (!(target instanceof Node && element?.contains(target))) last.current = null
    }
    element?.addEventListener('focusin', onFocus)
    document.addEventListener('pointerdown', onElsewhere)
    document.addEventListener('focusin', onElsewhere)
    return () => {
      element?.removeEventListener('focusin', onFocus)
      document.removeEventListener('pointerdown', onElsewhere)
      document.removeEventListener('focusin', onElsewhere)
    }
  }, [box])
  // After each render: only one of them takes a button away.
  useEffect(() => {
    if (!(last.current instanceof Element) || last.current.isConnected || document.activeElement !== document.body) return
    last.current = null
    heading.current?.focus({ preventScroll: true })
  })
}
