import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../protocol/values.ts'
import { applyPatch, touchedKeys } from './apply-patch.ts'
import { diffJson } from './diff-json.ts'

const Json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>

describe('applyPatch', () => {
  it('leads from any value to any other by the changes that diffJson finds', () => {
    fc.assert(
      fc.property(Json, Json, (from, to) => {
        expect(applyPatch(structuredClone(from), diffJson(from, to))).toEqual(to)
      }),
    )
  })

  it('says so where a change doesn’t fit', () => {
    expect(applyPatch({ a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }])).toBeUndefined()
    expect(applyPatch({ a: [] }, [{ op: 'add', path: '/a/2', value: 1 }])).toBeUndefined()
    expect(applyPatch({ a: 1 }, [{ op: 'move', from: '/a', path: '/b' }])).toBeUndefined()
  })

  it('sets no prototype', () => {
    const state = applyPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype)
    expect(applyPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }])).toBeUndefined()
  })

  it('tells which keys of the root are touched', () => {
    expect(touchedKeys([{ op: 'remove', path: '/a~1b/0' }])).toEqual(new Set(['a/b']))
    expect(touchedKeys([{ op: 'replace', path: '', value: 1 }])).toBeNull()
  })
})
