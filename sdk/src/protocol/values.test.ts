import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIMITS } from './limits.ts'
import { decodeValue, encodeValue, UnstorableValueError } from './values.ts'

const roundTrip = (value: unknown): unknown => decodeValue(JSON.parse(JSON.stringify(encodeValue(value))))

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(undefined, null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, '\0', 'a\0b', '\ud800'),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
)
const key = fc.oneof(fc.string(), fc.constantFrom('$cairn', 'v', '__proto__', 'constructor', 'toJSON', ''))
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((entries) => {
      const object: Record<string, unknown> = {}
      for (const [name, value] of entries)
        Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
      return object
    }),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((items) => new Set(items)),
    fc.tuple(fc.string(), tie('value')).map(([message, cause]) => new TypeError(message, { cause })),
  ),
}))

describe('values', () => {
  it('gives back every storable value as it was', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const back = roundTrip(value)
        if (!isDeepStrictEqual(back, value)) throw new Error(inspect({ back, value }, { depth: 9 }))
      }),
      { numRuns: 2_000 },
    )
  })

  it('passes plain JSON through unchanged', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('$cairn') && !text.includes('__proto__') && !text.includes('-0'))
        expect(encodeValue(JSON.parse(text))).toStrictEqual(JSON.parse(text))
      }),
    )
  })

  it('fills the holes of sparse arrays with undefined', () => {
    const sparse: unknown[] = []
    sparse[2] = 1
    expect(roundTrip(sparse)).toStrictEqual([undefined, undefined, 1])
  })

  it('keeps an error’s class, name, message, stack, cause and own fields', () => {
    const error = Object.assign(new RangeError('too far', { cause: new Map([['at', 7n]]) }), { code: 'E_FAR' })
    const back = roundTrip(error)
    expect(back).toBeInstanceOf(RangeError)
    expect(back).toMatchObject({ name: 'RangeError', message: 'too far', stack: error.stack, cause: new Map([['at', 7n]]), code: 'E_FAR' })
    class FarError extends Error {
      override name = 'FarError'
    }
    expect(roundTrip(new FarError('far'))).toMatchObject({ name: 'FarError', message: 'far' })
    for (const name of ['constructor', 'toString', '__proto__']) {
      const named = roundTrip(Object.assign(new Error('far'), { name }))
      expect(named).toBeInstanceOf(Error)
      expect(named).toMatchObject({ name, message: 'far' })
    }
  })

  it('stores a part of a larger buffer only', () => {
    expect(roundTrip(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toStrictEqual(new Uint8Array([2, 3]))
    expect(roundTrip(Buffer.from('hello'))).toStrictEqual(new Uint8Array(Buffer.from('hello')))
  })

  it('stores an instance with toJSON as what that gives', () => {
    expect(roundTrip({ at: new URL('http://localhost/') })).toStrictEqual({ at: 'http://localhost/' })
  })

  it.each([
    ['a function', { a: [() => 1] }, '$.a[0]'],
    ['a symbol', { a: Symbol('x') }, '$.a'],
    ['an instance without toJSON', { a: { b: new WeakMap() } }, '$.a.b'],
    ['an array of other numbers', { a: new Float64Array(1) }, '$.a'],
  ])('refuses %s and names its path', (_what, value, path) => {
    expect(() => encodeValue(value)).toThrow(UnstorableValueError)
    expect(() => encodeValue(value)).toThrow(path)
  })

  it('refuses a value that contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop.self = { loop }
    expect(() => encodeValue(loop)).toThrow('$.self.loop')
  })

  it('refuses nesting past the limit instead of overflowing', () => {
    let deep: unknown = 1
    for (let i = 0; i < LIMITS.valueDepth + 1; i++) deep = [deep]
    expect(() => encodeValue(deep)).toThrow('nested deeper')
  })

  it('gives back objects that look like tags', () => {
    expect(roundTrip({ $cairn: 'date', v: 'x' })).toStrictEqual({ $cairn: 'date', v: 'x' })
    expect(decodeValue({ $cairn: 'of a later version', v: 1 })).toStrictEqual({ $cairn: 'of a later version', v: 1 })
  })
})
