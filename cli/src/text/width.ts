import stringWidth from 'string-width'
import { isolate } from './escape.ts'

const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' })
const PLAIN = /^[\x20-\x7e]*$/

/** Columns that a terminal gives it: wide characters take two, combining ones none. */
export const widthOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text, { ambiguousIsNarrow: true }))

/** At most `columns` wide, with … where something was cut; no character is halved. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return ''
  // A character has at least one unit, so what is far longer is not measured to its end.
  if (text.length <= columns * 32 && widthOf(text) <= columns) return text
  if (PLAIN.test(text.slice(0, columns))) return `${text.slice(0, columns - 1)}…`
  let out = ''
  let used = 0
  for (const { segment } of SEGMENTS.segment(text.slice(0, columns * 32))) {
    const width = widthOf(segment)
    if (used + width > columns - 1) break
    out += segment
    used += width
  }
  return `${out}…`
}

/** Exactly `columns` wide: cut, then filled with spaces. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns)
  const space = ' '.repeat(Math.max(0, columns - widthOf(shown)))
  return align === 'left' ? `${isolate(shown)}${space}` : `${space}${isolate(shown)}`
}
