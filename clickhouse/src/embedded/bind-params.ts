const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', r: '\r', n: '\n', t: '\t', '0': '\0' }

const unescapeText = (text: string, quote: string) =>
  text.replace(/\\(.)/gs, (_, character: string) => (character === "'" ? quote : (ESCAPES[character] ?? character)))

/**
 * The parameters of a statement as the engine's binding takes them. Over HTTP they come in ClickHouse's Escaped format; the
 * binding escapes what it is given once more. So scalars are given plain, and in arrays, maps and tuples, whose own quotes the
 * engine reads, a quote is doubled instead of escaped.
 */
export function bindParams(sql: string, params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const isComposite = new RegExp(`\\{\\s*${name}\\s*:\\s*(?:Array|Map|Tuple|Nested)\\b`).test(sql)
      return [name, unescapeText(value, isComposite ? "''" : "'")]
    }),
  )
}
