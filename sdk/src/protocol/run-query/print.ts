import type { QueryTerm, QueryValue } from './ast.ts'

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** A value as a query writes it: in quotes where it must be. */
export const printText = (text: string, quoted = false): string => (quoted || text === '' || /[\s,"\\]/.test(text) ? quote(text) : text)

function printValue(value: QueryValue): string {
  if (value.type === 'text') return printText(value.text, value.quoted)
  if (value.type === 'between') return `${value.from.text}..${value.to.text}`
  return `${value.op === '=' ? '' : value.op}${value.operand.text}`
}

function printTerm(term: QueryTerm): string {
  const not = term.negated ? '-' : ''
  if (term.type === 'field') return `${not}${term.field}:${term.values.map(printValue).join(',')}`
  // A word that would be read as something else goes in quotes; after one `-` another is a part of it.
  const isPlain = !/[\s"]|^[A-Za-z_][\w.-]*:/.test(term.text) && (term.negated || !term.text.startsWith('-'))
  return `${not}${term.quoted || !isPlain ? quote(term.text) : term.text}`
}

/** A query as text that is read back as the same query. */
export const printRunQuery = (terms: readonly QueryTerm[]): string => terms.map(printTerm).join(' ')
