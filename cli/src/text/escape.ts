/*
 * Text from agents is hostile: an escape sequence could move the cursor over what was printed, rename the window, write the
 * clipboard or hide text; bidi controls reorder a line; tags and fillers carry text that nobody sees. All of it is made visible.
 */

/** Format characters that do honest work inside words and emoji: ZWNJ, ZWJ and the variation selectors 15 and 16. */
const KEPT = new Set([0x200c, 0x200d, 0xfe0e, 0xfe0f])
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\ufb1d-\ufdff\ufe70-\ufefc]/u
const ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

function show(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (KEPT.has(code)) return char
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
  return `\\u{${code.toString(16)}}`
}

/** One line without anything that a terminal obeys; line ends become ↵, tabs spaces. */
export function escapeLine(text: string): string {
  return text
    .replace(/\r\n|[\n\r\u2028\u2029\u0085]/g, '↵')
    .replace(/\t/g, ' ')
    .replace(HIDDEN, show)
}

/** The same for text of several lines: line ends stay. */
export function escapeBlock(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => line.replace(/\t/g, '  ').replace(HIDDEN, show))
    .join('\n')
}

/** Right-to-left text keeps its order to itself instead of turning the columns beside it around. For escaped text only. */
export const isolate = (escaped: string): string => (RIGHT_TO_LEFT.test(escaped) ? `${ISOLATE}${escaped}${POP_ISOLATE}` : escaped)

/** JSON that is safe to show: the same document, with controls that JSON.stringify leaves as they are written as \uXXXX. */
export function toSafeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
