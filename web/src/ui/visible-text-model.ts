/** A piece of a text: as it is, or the sign that stands for what a reader would not see. */
export interface VisiblePiece {
  readonly text: string
  /** What stands there, in words; undefined: plain text. */
  readonly sign?: string
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  173: 'soft hyphen',
  847: 'CGJ',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
}

/** So many signs a text; each is an element, and a text may be nothing else. */
const MOST_SIGNS = 400
const LONGEST_ESCAPE = 64
const NEEDS_JOINER = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\p{L}|\p{M}/u
const LATIN = /\p{Script=Latin}/u

/** A text with everything invisible named: controls, ANSI sequences, marks of direction, zero widths, halves of pairs. */
export function splitVisible(text: string, mostSigns = MOST_SIGNS): VisiblePiece[] {
  const pieces: VisiblePiece[] = []
  let plainFrom = 0
  let signs = 0
  for (let i = 0; i < text.length; ) {
    const length = hiddenLength(text, i)
    if (length === 0) {
      i++
      continue
    }
    let end = i + length
    let count = 1
    const hidden = text.slice(i, end)
    // What begins like it may be more: a half, and then a whole pair.
    while (text.startsWith(hidden, end) && hiddenLength(text, end) === length) {
      end += length
      count++
    }
    if (plainFrom < i) pieces.push({ text: text.slice(plainFrom, i) })
    signs++
    const name = nameOf(hidden)
    pieces.push({ text: text.slice(i, end), sign: count === 1 ? name : `${name} ×${count}` })
    i = end
    plainFrom = end
    if (signs >= mostSigns) {
      pieces.push({ text: withoutHidden(text.slice(i)) })
      return pieces
    }
  }
  if (plainFrom < text.length) pieces.push({ text: text.slice(plainFrom) })
  return pieces
}

/** The same in one line of plain text, for titles and labels. */
export const toVisibleText = (text: string): string =>
  splitVisible(text)
    .map((piece) => (piece.sign === undefined ? piece.text : `⟨${piece.sign}⟩`))
    .join('')

function withoutHidden(text: string): string {
  const kept: string[] = []
  let from = 0
  for (let i = 0; i < text.length; ) {
    const length = hiddenLength(text, i)
    if (length === 0) {
      i++
      continue
    }
    kept.push(text.slice(from, i), '·')
    i += length
    from = i
  }
  return kept.join('') + text.slice(from)
}

function nameOf(hidden: string): string {
  if (hidden.length > 1 && hidden.charCodeAt(0) === 27) return `ESC${hidden.slice(1)}`
  const code = hidden.codePointAt(0) ?? 0
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** How many characters from `at` on make one thing that can't be seen; 0: it can be. */
function hiddenLength(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 32 && code < 127) return 0
  if (code === 10 || code === 9) return 0
  // A line that ends as on Windows.
  if (code === 13) return text.charCodeAt(at + 1) === 10 ? 0 : 1
  if (code === 27) return escapeLength(text, at)
  if (code < 32 || (code >= 127 && code < 160)) return 1
  if (code < 0xad) return 0
  if (code === 8204 || code === 8205) return joins(text, at) ? 0 : 1
  if (code >= 0xd800 && code <= 0xdfff) return surrogateLength(text, at)
  if (NAMES[code] !== undefined) return 1
  const isFiller = code === 0x115f || code === 0x1160 || code === 0x3164 || code === 0xffa0
  return isFiller || (code >= 8289 && code <= 8303) || (code >= 0xfff0 && code <= 0xfffb) ? 1 : 0
}

/** Half a pair; or a tag, by which text can be hidden in text. */
function surrogateLength(text: string, at: number): number {
  const code = text.codePointAt(at) ?? 0
  if (code <= 0xffff) return isLowOfPair(text, at) ? 0 : 1
  return code >= 0xe0000 && code <= 0xe0fff ? 2 : 0
}

function isLowOfPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && before >= 0xd800 && before <= 0xdbff
}

/** A terminal's sequence: `ESC [ … letter`; else the escape alone. */
function escapeLength(text: string, at: number): number {
  if (text[at + 1] !== '[') return 1
  for (let i = at + 2; i < at + LONGEST_ESCAPE && i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x40 && code <= 0x7e) return i + 1 - at
    if (code < 0x20) return 1
  }
  return 1
}

/** Emoji of several, and letters of scripts that need it, are written with joiners. */
function joins(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at)
  const after = String.fromCodePoint(text.codePointAt(at + 1) ?? 32)
  return NEEDS_JOINER.test(before) && NEEDS_JOINER.test(after) && !LATIN.test(before) && !LATIN.test(after)
}
