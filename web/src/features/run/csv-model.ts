const MOST_ROWS = 200_000

/** Rows of comma- or tab-separated text (RFC 4180, and what people make of it); a row that is cut off at the end is left as it is. */
export function parseCsv(text: string): string[][] {
  const separator = guessSeparator(text)
  const rows: string[][] = []
  let row: string[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length && rows.length < MOST_ROWS) {
    const [field, end] = text[at] === '"' ? readQuoted(text, at, separator) : readPlain(text, at, separator)
    row.push(field)
    at = end
    if (text[at] === separator) {
      at++
      if (at === text.length) row.push('')
      continue
    }
    rows.push(row)
    row = []
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
  }
  if (row.length > 0) rows.push(row)
  return rows
}

function guessSeparator(text: string): string {
  const line = text.slice(0, 2_000).split('\n', 1)[0] ?? ''
  const counts = [',', '\t', ';'].map((sign) => [line.split(sign).length, sign] as const)
  return counts.reduce((best, next) => (next[0] > best[0] ? next : best), counts[0] ?? [0, ','])[1]
}

function readPlain(text: string, from: number, separator: string): [string, number] {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
  return [text.slice(from, at), at]
}

function readQuoted(text: string, from: number, separator: string): [string, number] {
  const parts: string[] = []
  let at = from + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) return [parts.join('') + text.slice(at), text.length]
    parts.push(text.slice(at, quote))
    if (text[quote + 1] !== '"') {
      const [rest, end] = readPlain(text, quote + 1, separator)
      return [parts.join('') + rest, end]
    }
    parts.push('"')
    at = quote + 2
  }
}
