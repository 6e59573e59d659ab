'use client'
import { useEffect } from 'react'

export interface Recent {
  readonly href: string
  readonly label: string
}

const KEY = 'cairn-recent'
const KEPT = 12

/** What was looked at last in this browser, newest first. */
export function readRecent(): readonly Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isRecent) : []
  } catch {
    return []
  }
}

/** Another version of the page, or an extension, may have written there. */
const isRecent = (kept: Partial<Record<keyof Recent, unknown>> | null): kept is Recent =>
  typeof kept?.href === 'string' && kept.href.startsWith('/') && !kept.href.startsWith('//') && typeof kept.label === 'string'

/** Remembers that a thing was looked at, for the palette. */
export function useRecent(href: string, label: string): void {
  useEffect(() => {
    const others = readRecent().filter((recent) => recent.href !== href)
    try {
      localStorage.setItem(KEY, JSON.stringify([{ href, label: label.slice(0, 300) }, ...others].slice(0, KEPT)))
    } catch {
      // Storage that is full or forbidden: the palette then has no recent ones.
    }
  }, [href, label])
}
