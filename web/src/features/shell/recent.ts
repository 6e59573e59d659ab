'use client'
import { useEffect } from 'react'
import { z } from 'zod'

const Recent = z.object({ href: z.string().startsWith('/'), label: z.string().max(300) })
export type Recent = z.infer<typeof Recent>

const KEY = 'cairn-recent'
const KEPT = 12

/** What was looked at last in this browser, newest first. */
export function readRecent(): readonly Recent[] {
  try {
    return z.array(Recent).parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    return []
  }
}

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
