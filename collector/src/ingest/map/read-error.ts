import type { SpanStatus } from '@cairn/sdk/protocol'
import type { AttributeValue, OtlpSpan } from '../otlp/types.ts'
import type { Found } from './collect-fields.ts'
import { readText, readTexts } from './read-text.ts'

export interface ReadError {
  readonly status: SpanStatus
  readonly type: string
  readonly message: string
  readonly stack: string
}

/** The last exception event tells most; then error.type; then the status message. An exception that was handled is no error. */
export function readError(span: OtlpSpan, found: Found): ReadError {
  const isError =
    span.statusCode === 2 ||
    readText(found.fields.level).toUpperCase() === 'ERROR' ||
    (span.statusCode !== 1 && hasErrorType(found)) ||
    (found.fields.okBeforeError !== undefined && span.events.some((event) => event.name === 'exception')) ||
    readTexts(found.fields.finishReasons).includes('error')
  if (!isError) return { status: span.statusCode === 1 ? 'ok' : 'unset', type: '', message: '', stack: '' }
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes ?? new Map<string, AttributeValue>()
  return {
    status: 'error',
    type: readText(exception.get('exception.type')) || readText(found.fields.errorType) || 'Error',
    message: readText(exception.get('exception.message')) || span.statusMessage.toWellFormed() || readText(found.fields.errorMessage),
    stack: readText(exception.get('exception.stacktrace')),
  }
}

function hasErrorType(found: Found): boolean {
  const type = readText(found.fields.errorType)
  return type !== '' && type !== 'null'
}
