/**
 * A long value in `span_attributes.attributes`, of which parts lie in `contents`: there a conversation has each message once, however
 * often it is sent. Its pieces in their order are the value as it was sent: a text, or JSON where `as` says so.
 */
export interface SentText {
  readonly $cairn: 'contents'
  readonly as?: 'json'
  readonly v: readonly SentPiece[]
}

export type SentPiece =
  | string
  /** The text of this hash. */
  | { readonly h: string }
  /** The texts of the span's input or output, with this between them. */
  | { readonly of: 'input' | 'output'; readonly sep: string }
  /** The span's input or output, which is a text. */
  | { readonly of: 'input' | 'output' }

/** How such a value begins in the text of `attributes`. */
export const SENT_TEXT_MARK = '{"$cairn":"contents",'

/** Where the pieces' texts come from. */
export interface SentTexts {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly byHash: (hash: string) => string | undefined
}

/** Hashes of texts that such values in the JSON of a span's attributes name. */
export function hashesIn(attributes: string): string[] {
  if (!attributes.includes(SENT_TEXT_MARK)) return []
  return [...attributes.matchAll(/\{"h":"([0-9a-f]{32})"\}/g)].map((match) => match[1] ?? '')
}

/** The JSON of a span's attributes with every such value as it was sent. */
export function restoreAttributes(attributes: string, texts: SentTexts): string {
  if (!attributes.includes(SENT_TEXT_MARK)) return attributes
  const parts: string[] = []
  for (const [key, value] of Object.entries(JSON.parse(attributes) as Record<string, unknown>)) {
    const written = isSentText(value) ? restore(value, texts) : JSON.stringify(value)
    parts.push(`${JSON.stringify(key)}:${written}`)
  }
  return `{${parts.join(',')}}`
}

function isSentText(value: unknown): value is SentText {
  return (
    typeof value === 'object' && value !== null && '$cairn' in value && value.$cairn === 'contents' && 'v' in value && isPieces(value.v)
  )
}

const isPieces = (value: unknown): value is SentPiece[] => Array.isArray(value) && value.every(isPiece)

function isPiece(value: unknown): value is SentPiece {
  if (typeof value === 'string') return true
  if (typeof value !== 'object' || value === null) return false
  if ('h' in value) return typeof value.h === 'string'
  return 'of' in value && (value.of === 'input' || value.of === 'output') && (!('sep' in value) || typeof value.sep === 'string')
}

function restore({ v, as }: SentText, { input, output, byHash }: SentTexts): string {
  const text = v
    .map((piece) => {
      if (typeof piece === 'string') return piece
      if ('h' in piece) return byHash(piece.h) ?? ''
      const texts = piece.of === 'input' ? input : output
      return 'sep' in piece ? texts.join(piece.sep) : String(JSON.parse(texts[0] ?? '""'))
    })
    .join('')
  return as === 'json' ? text : JSON.stringify(text)
}
