import { createHash } from 'node:crypto'

/** What differs between two errors of one cause: ids, numbers, quoted values. */
const shapeOf = (message: string) =>
  message
    .slice(0, 2_000)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>')
    .replace(/\b(?:0x)?[0-9a-f]{12,}\b/gi, '<hex>')
    .replace(/(["'`])(?:(?!\1).){1,200}\1/g, '<text>')
    .replace(/\d+(?:\.\d+)?/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()

/** The fingerprint of a failure: errors of one type, message shape, step and agent are one group. */
export function groupError(error: { type: string; message: string; step: string; agent: string }): string {
  const parts = [error.type, shapeOf(error.message), error.step.replace(/[/#].*$/, ''), error.agent]
  return createHash('sha256').update(parts.join('\u001f')).digest('hex').slice(0, 16)
}
