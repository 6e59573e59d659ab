import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QueryTerm } from './ast.ts'
import { completeRunQuery } from './complete.ts'
import { toRunConditions } from './conditions.ts'
import { fieldOf, RUN_QUERY_FIELD_NAMES } from './fields.ts'
import { parseRunQuery } from './parse.ts'
import { printRunQuery } from './print.ts'

const withoutPlaces = (terms: readonly QueryTerm[]) => terms.map(({ place: _place, ...term }) => term)

const OPERANDS = {
  usd: ['0.5', '$2', '12.000001', '0'],
  duration: ['30s', '1.5m', '250ms', '2h'],
  count: ['1', '10k', '2.5M'],
  time: ['2h', '7d', '2026-01-31', '2026-01-31T12:00:00Z'],
} as const

const value = (field: (typeof RUN_QUERY_FIELD_NAMES)[number]): fc.Arbitrary<string> => {
  const { kind, values } = fieldOf(field)
  if (values !== undefined) return fc.constantFrom(...values)
  if (kind === 'text') return fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `"${text.replace(/[\\"]/g, '\\$&')}"`)
  return fc.tuple(fc.constantFrom('', '<', '<=', '>', '>=', '='), fc.constantFrom(...OPERANDS[kind])).map((parts) => parts.join(''))
}
const fieldTerm = fc
  .constantFrom(...RUN_QUERY_FIELD_NAMES)
  .chain((field) => fc.array(value(field), { minLength: 1, maxLength: 4 }).map((values) => `${field}:${values.join(',')}`))
const word = fc.stringMatching(/^[a-z]{1,8}$/)
const phrase = fc.string({ unit: 'grapheme' }).map((text) => `"a${text.replace(/[\\"]/g, '\\$&')}"`)
const query = fc
  .array(
    fc.tuple(fc.boolean(), fc.oneof(fieldTerm, word, phrase)).map(([not, term]) => `${not ? '-' : ''}${term}`),
    { maxLength: 8 },
  )
  .map((terms) => terms.join('  '))
  .filter((text) => text.length <= 2_000)

describe('a query of runs', () => {
  it('is read as terms: comma is or, minus is not, quotes hold together', () => {
    const { terms, errors } = parseRunQuery(
      'status:crashed,failed cost:>0.5 tokens:<=10k cost:0.1..2 -tag:test error:Timeout "refund policy" word',
    )
    expect(errors).toEqual([])
    expect(withoutPlaces(terms)).toMatchObject([
      { field: 'status', values: [{ text: 'crashed' }, { text: 'failed' }] },
      { field: 'cost', values: [{ op: '>', operand: { value: '0.5' } }] },
      { field: 'tokens', values: [{ op: '<=', operand: { value: '10000' } }] },
      { field: 'cost', values: [{ type: 'between', from: { value: '0.1' }, to: { value: '2' } }] },
      { field: 'tag', negated: true },
      { field: 'error' },
      { type: 'text', text: 'refund policy', quoted: true },
      { type: 'text', text: 'word', quoted: false },
    ])
  })

  it('is read back as it was printed', () => {
    fc.assert(
      fc.property(query, (text) => {
        const { terms, errors } = parseRunQuery(text)
        expect(errors).toEqual([])
        const again = parseRunQuery(printRunQuery(terms))
        expect(again.errors).toEqual([])
        expect(withoutPlaces(again.terms)).toEqual(withoutPlaces(terms))
      }),
    )
  })

  it('of any text is read without a throw, and its errors lie inside the text', () => {
    const pieces = fc.constantFrom(
      'status:',
      'cost:',
      '"',
      '-',
      ',',
      '..',
      '>',
      ' ',
      'x',
      ':',
      '\\',
      'started:',
      '9d',
      '0.1',
      '💥',
      '\n',
      '\0',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        fc.nat(),
        (text, at) => {
          const { terms, errors } = parseRunQuery(text)
          for (const { place, message, remedy } of errors) {
            expect(place[0]).toBeGreaterThanOrEqual(0)
            expect(place[1]).toBeGreaterThan(place[0])
            expect(place[1]).toBeLessThanOrEqual(text.length)
            expect([message, remedy]).not.toContain('')
          }
          expect(withoutPlaces(parseRunQuery(printRunQuery(terms)).terms)).toEqual(withoutPlaces(terms))
          const caret = at % (text.length + 1)
          const { from, to } = completeRunQuery(text, caret)
          expect(from).toBeLessThanOrEqual(caret)
          expect(to).toBeGreaterThanOrEqual(caret)
          toRunConditions({ terms, errors }, Date.now())
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    ['cst:>1', [0, 4], '`cst:` is no field; did you mean `cost:`?'],
    ['a staus:failed', [2, 8], '`staus:` is no field; did you mean `status:`?'],
    ['status:faild', [7, 12], '`faild` is no status; did you mean `failed`?'],
    ['cost:cheap', [5, 10], '`cost:` does not understand `cheap`.'],
    ['started:2026-02-31', [8, 18], '`started:` does not understand `2026-02-31`.'],
    ['cost:2..1', [5, 9], '`2..1` ends before it begins.'],
    ['user:', [0, 5], '`user:` needs a value.'],
    ['x "open', [2, 7], 'This quote has no end.'],
    ['--', [0, 2], 'There is no word to look for.'],
  ])('says of %s where and what is wrong', (text, place, message) => {
    expect(parseRunQuery(text).errors).toMatchObject([{ place, message }])
  })

  it('turns ages round: less than two hours ago is later than that', () => {
    const now = Date.parse('2026-01-01T12:00:00Z')
    const ranges = (text: string) => toRunConditions(parseRunQuery(text), now).map((c) => c.type === 'range' && c.ranges[0])
    expect(ranges('started:<2h started:>=1h started:1h..2h started:2026-01-01')).toEqual([
      { from: { value: '2026-01-01T10:00:00.000Z', inclusive: false }, to: null },
      { from: null, to: { value: '2026-01-01T11:00:00.000Z', inclusive: true } },
      { from: { value: '2026-01-01T10:00:00.000Z', inclusive: true }, to: { value: '2026-01-01T11:00:00.000Z', inclusive: true } },
      { from: { value: '2026-01-01T00:00:00.000Z', inclusive: true }, to: { value: '2026-01-02T00:00:00.000Z', inclusive: false } },
    ])
  })
})

describe('completion', () => {
  const at = (text: string, known = {}) => completeRunQuery(text.replace('|', ''), text.indexOf('|'), known)
  it('offers fields, then the values of a field that match, with how many runs have them', () => {
    expect(at('st|').items.map((item) => item.insert)).toEqual(
      ['status:', 'step:', 'started:'].sort((a, b) => (a < b ? -1 : 1)).sort(byField),
    )
    expect(at('status:failed,cr|')).toMatchObject({ from: 14, to: 16, items: [{ insert: 'crashed ' }] })
    const known = { agent: [{ value: 'deep research', count: 3 }, { value: 'writer' }] }
    expect(at('-agent:rese| word', known)).toMatchObject({ from: 7, to: 11, items: [{ insert: '"deep research" ', detail: '3 runs' }] })
    expect(at('"in a phr|').items).toEqual([])
  })
})
const byField = (a: string, b: string) =>
  RUN_QUERY_FIELD_NAMES.indexOf(a.slice(0, -1) as never) - RUN_QUERY_FIELD_NAMES.indexOf(b.slice(0, -1) as never)
