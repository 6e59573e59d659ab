'use client'
import { useEffect, useRef } from 'react'
import { getPreferences } from '@/lib/preferences'

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault'>

/** Gives keys to a part of the page, and the focus with them, while nothing has it: nobody has to find that part first. */
export function useNowhereKeys(onKeyDown: (event: KeyPress) => boolean, focus: () => void): void {
  const latest = useRef({ onKeyDown, focus })
  useEffect(() => {
    latest.current = { onKeyDown, focus }
  })
  useEffect(() => {
    const onNowhere = (event: KeyboardEvent) => {
      if (event.target !== document.body || event.defaultPrevented) return
      if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return
      // Escape is of whatever lies on top.
      if (event.key === 'Escape' || (event.key.length === 1 && !getPreferences().shortcuts)) return
      if (latest.current.onKeyDown(event)) latest.current.focus()
    }
    window.addEventListener('keydown', onNowhere)
    return () => window.removeEventListener('keydown', onNowhere)
  }, [])
}
