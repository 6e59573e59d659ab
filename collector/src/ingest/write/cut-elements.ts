const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Lists lie at most so deep in a provider's request or answer. */
const DEEPEST_LIST = 4
const MOST_CUTS = 4_000

/** A text in pieces: those at even places stand for themselves, those at odd ones are objects of a list, such as messages. */
export type CutText = readonly string[]

/**
 * Cuts the objects out of lists in a text that looks like JSON, so that what a conversation sends again with every turn can be stored
 * once. All pieces together are the text, whatever it is: nothing is parsed.
 * @param shortest objects of fewer characters stay where they are
 */
export function cutElements(text: string, shortest: number): CutText {
  const pieces: string[] = []
  /** Of each open bracket: whether it is a list's. */
  const lists: boolean[] = []
  let from = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i)
        break
      case OPEN_LIST:
        lists.push(true)
        break
      case OPEN_OBJECT: {
        if (lists.length > DEEPEST_LIST) return finish(pieces, text, from)
        if (lists.at(-1) !== true) {
          lists.push(false)
          break
        }
        const end = endOfObject(text, i)
        if (end < 0) return finish(pieces, text, from)
        if (end - i < shortest) lists.push(false)
        else {
          pieces.push(text.slice(from, i), text.slice(i, end))
          from = end
          i = end - 1
          if (pieces.length >= MOST_CUTS * 2) return finish(pieces, text, from)
        }
        break
      }
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        lists.pop()
    }
  }
  return finish(pieces, text, from)
}

function finish(pieces: string[], text: string, from: number): CutText {
  pieces.push(text.slice(from))
  return pieces
}

/**
 * What stands between the elements, where the text is a list of objects with the same between all of them; else undefined.
 * `["[", {…}, ", ", {…}, "]"]` → `", "`
 */
export function separatorOf(pieces: CutText): string | undefined {
  if (pieces.length < 3 || pieces[0] !== '[' || pieces.at(-1) !== ']') return undefined
  const separator = pieces.length === 3 ? ',' : (pieces[2] ?? ',')
  for (let i = 2; i < pieces.length - 1; i += 2) if (pieces[i] !== separator) return undefined
  return separator
}

/** The place of the closing quote, or the end of the text. */
function endOfString(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}

/** The place behind the object that begins here; negative: it has no end. */
function endOfObject(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i)
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      depth--
      if (depth === 0) return i + 1
    }
  }
  return -1
}
