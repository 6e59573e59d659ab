import { REPORT_DIMENSIONS, type ReportDimension } from '@cairn/sdk/protocol'
import { CollectorError } from '../errors.ts'

const PAIR = /(\w+):(?:"((?:[^"\\]|\\.)*)"|(\S+))/y

/**
 * `dimension:value` pairs, by space; a value with spaces in double quotes. Values of one dimension are alternatives.
 * @throws {CollectorError} `invalid_request`, with what was not understood
 */
export function parseFilter(filter: string): Partial<Record<ReportDimension, string[]>> {
  const values: Partial<Record<ReportDimension, string[]>> = {}
  const text = filter.trim()
  let at = 0
  while (at < text.length) {
    PAIR.lastIndex = at
    const pair = PAIR.exec(text)
    if (pair === null) throw invalid(`${JSON.stringify(text.slice(at, at + 40))} isn't dimension:value`)
    const dimension = REPORT_DIMENSIONS.find((name) => name === pair[1])
    if (dimension === undefined) throw invalid(`${pair[1]} is no dimension`)
    const list = values[dimension] ?? []
    list.push(pair[2]?.replace(/\\(.)/g, '$1') ?? pair[3] ?? '')
    values[dimension] = list
    at = PAIR.lastIndex
    while (text[at] === ' ') at++
  }
  return values
}

function invalid(problem: string): CollectorError {
  const example = 'agent:research model:"gpt 5"'
  return new CollectorError(
    'invalid_request',
    `query.filter: ${problem}. Write ${example}; dimensions are ${REPORT_DIMENSIONS.join(', ')}.`,
  )
}
