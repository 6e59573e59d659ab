/** A part of a value's text, and where the rest begins. No character is halved. */
export function slicePage(value: unknown, offset: number, chars: number): { text: string; totalChars: number; nextOffset: number | null } {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? 'none')
  const from = Math.min(offset, whole.length)
  let to = Math.min(whole.length, from + Math.max(2, chars))
  if (to < whole.length && /[\ud800-\udbff]/.test(whole[to - 1] ?? '')) to--
  return { text: whole.slice(from, to), totalChars: whole.length, nextOffset: to < whole.length ? to : null }
}
