'use client'
import { useRouter } from 'next/navigation'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useCallback, useRef } from 'react'

const DIALOGS = ['resume', 'fork', 'promote', 'cancel'] as const
export type RunDialog = (typeof DIALOGS)[number]

/** The dialog that is open, in the address: a link can lead to the question, and Back closes it. */
export function useRunDialog() {
  const [dialog, setDialog] = useQueryState('do', parseAsStringLiteral(DIALOGS))
  const opened = useRef<Promise<unknown> | null>(null)
  const router = useRouter()
  const open = useCallback(
    (name: RunDialog) => {
      // From one question to another is no further step.
      if (dialog === null) opened.current = setDialog(name, { history: 'push' })
      else void setDialog(name)
    },
    [dialog, setDialog],
  )
  /** Takes its own step of the history back with it; where a link led to the dialog there is none. */
  const close = useCallback(() => {
    const own = opened.current
    opened.current = null
    // The address follows a moment later: going back before that would leave the page.
    void (own === null ? setDialog(null) : own.then(() => window.history.back()))
  }, [setDialog])
  /** To what the dialog made: in the place of the question, where that is a step of the history. */
  const leaveTo = (href: string) => (opened.current === null ? router.push(href) : router.replace(href))
  return { dialog, open, close, leaveTo }
}
