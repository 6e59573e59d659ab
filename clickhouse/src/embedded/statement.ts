/** What the HTTP front must know of a statement. The engine parses it for real; this looks only at its two ends. */
export interface Statement {
  /** Without a trailing semicolon. */
  readonly text: string
  readonly kind: 'read' | 'insert' | 'other'
  /** Its rows can be had piece by piece, unlike those of SHOW, EXPLAIN and their like. */
  readonly isSelect: boolean
  /** Of its FORMAT clause. */
  readonly format: string | null
}

const READS = /^(select|with|show|describe|desc|explain|exists|check)\b/i
const SELECTS = /^(select|with)\b/i
const TAIL = /\bFORMAT\s+([A-Za-z]\w*)\s*(?:SETTINGS\b[^'"]*)?$/i

/** The statement without the comments and white space before it. */
function skipComments(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    if (rest.startsWith('--') || rest.startsWith('#!')) rest = rest.slice(`${rest}\n`.indexOf('\n') + 1).trimStart()
    else if (rest.startsWith('/*') && rest.includes('*/')) rest = rest.slice(rest.indexOf('*/') + 2).trimStart()
    else return rest.replace(/^\(+\s*/, '')
  }
}

export function readStatement(sql: string): Statement {
  const text = sql.replace(/[\s;]+$/, '')
  const head = skipComments(text)
  const kind = /^insert\b/i.test(head) ? 'insert' : READS.test(head) ? 'read' : 'other'
  return { text, kind, isSelect: SELECTS.test(head), format: TAIL.exec(text)?.[1] ?? null }
}

/** Formats whose pieces may be sent one after the other. Others have a frame around all rows. */
const PIECEWISE = new Set([
  'JSONEachRow',
  'JSONCompactEachRow',
  'JSONStringsEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'RowBinary',
  'Native',
  'LineAsString',
  'RawBLOB',
])

export const isPiecewise = (format: string) => PIECEWISE.has(format)

const INSERT_TAIL = /^([\s\S]*?)(\bSETTINGS\b[^'"]*?)?\s*\bFORMAT\s+([A-Za-z]\w*)\s*$/i

/**
 * An INSERT whose rows come from a file: `INSERT INTO t (a) FORMAT X` becomes `INSERT INTO t (a) FROM INFILE '…' FORMAT X`.
 * Null where the statement names no format.
 */
export function insertFromFile(statement: Statement, path: string): string | null {
  const tail = INSERT_TAIL.exec(statement.text)
  if (tail === null) return null
  const [, head = '', settings = '', format = ''] = tail
  return `${head.trimEnd()} FROM INFILE '${path.replace(/['\\]/g, '\\$&')}' ${settings.trim()} FORMAT ${format}`
}
