import fc from 'fast-check'
import { applyPatch, type Operation } from 'rfc6902'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../protocol/values.ts'
import { diffJson } from './diff-json.ts'

function apply(from: JsonValue, patch: ReturnType<typeof diffJson>): unknown {
  const holder = { state: structuredClone(from) }
  const results = applyPatch(holder, patch.map((operation) => ({ ...operation, path: `/state${operation.path}` })) as Operation[])
  expect(results.every((result) => result === null)).toBe(true)
  return holder.state
}

// rfc6902 refuses to touch prototypes; run.state never has such a key, as encodeValue wraps it.
const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__')) as fc.Arbitrary<JsonValue>

describe('diffJson', () => {
  it('leads from any value to any other', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(apply(from, diffJson(from, to))).toEqual(to)
      }),
      { numRuns: 500 },
    )
  })

  it('is empty for equal values', () => {
    fc.assert(fc.property(json, (value) => diffJson(value, structuredClone(value)).length === 0))
  })

  it('grows with the change, not with the value', () => {
    const messages = Array.from({ length: 5_000 }, (_, i) => ({ role: 'user', content: `message ${i}` }))
    const patch = diffJson({ messages }, { messages: [...messages, { role: 'assistant', content: 'new' }] })
    expect(patch).toEqual([{ op: 'add', path: '/messages/5000', value: { role: 'assistant', content: 'new' } }])
    expect(diffJson({ messages }, { messages: messages.slice(1) })).toEqual([{ op: 'remove', path: '/messages/0' }])
  })
})
