/** Above this a field for text would freeze under typing. */
const EDITABLE_CHARS = 200_000

/** JSON that a person typed; null where it is none. Nothing typed means null. */
export function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: text.trim() === '' ? null : JSON.parse(text) }
  } catch {
    return null
  }
}

/** Where and why a text is no JSON, for the person who typed it; null if it is. */
export function jsonProblem(text: string): string | null {
  if (parseJson(text) !== null) return null
  if (/^\s*[\p{L}_][^"{}[\]:,]*$/u.test(text)) return 'That is not JSON. A text needs quotes: "sent".'
  const line = brokenLine(text)
  return line === null ? 'That is not JSON.' : `That is not JSON: look at line ${line}.`
}

/** V8 says the position, in one of two ways; other engines say none. */
function brokenLine(text: string): number | null {
  try {
    JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const line = /line (\d+)/.exec(message)?.[1]
    if (line !== undefined) return Number(line)
    const position = /position (\d+)/.exec(message)?.[1]
    if (position !== undefined) return text.slice(0, Number(position)).split('\n').length
  }
  return null
}

/** A value as text to edit; null where it is too long for that. */
export function toEditable(value: unknown): string | null {
  const text = JSON.stringify(value ?? null, null, 2)
  return text.length > EDITABLE_CHARS ? null : text
}
