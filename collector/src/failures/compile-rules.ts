import type { FingerprintRules } from '@cairn/sdk/protocol'
import { RE2JS } from 're2js'
import { CollectorError } from '../errors.ts'
import type { GroupingRules, OwnPattern } from '../ingest/map/error-group.ts'

/** Instructions of one expression: it is run on every error's message. */
const MOST_INSTRUCTIONS = 200
/** Of one expression in a message. Each takes time that is linear, but may go through the whole message. */
const MOST_MATCHES = 50

/**
 * Rules as fingerprints are made by them. Expressions run on an engine that finds in linear time, whatever they are.
 * @throws {CollectorError} `invalid_request`, naming the expression that can't be taken
 */
export function compileRules({ message, step, agent, patterns }: FingerprintRules): GroupingRules {
  return { message, step, agent, patterns: patterns.map(compilePattern) }
}

function compilePattern({ pattern, replacement }: FingerprintRules['patterns'][number], index: number): OwnPattern {
  const refuse = (why: string, cause?: unknown) =>
    new CollectorError('invalid_request', `body.patterns.${index}.pattern: ${why}`, { cause })
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(pattern)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it does not parse'
    throw refuse(`${why}. Expressions are RE2’s: without look-around and back-references.`, cause)
  }
  if (compiled.programSize() > MOST_INSTRUCTIONS) throw refuse('it is too large. Ask for fewer repetitions.')
  if (compiled.test('') && compiled.matcher('').find()) throw refuse('it matches empty text, so it would match everywhere.')
  return {
    replacement,
    find: (text) => {
      const matches: [number, number][] = []
      const matcher = compiled.matcher(text)
      for (let found = 0; found < MOST_MATCHES && matcher.find(); found++)
        if (matcher.end() > matcher.start()) matches.push([matcher.start(), matcher.end()])
      return matches
    },
  }
}
