'use client'
import { useEffect } from 'react'

/** The tab's title, where only the page's data know it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Cairn`
  }, [title])
}
