import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameHeader, readFrames } from './frame.ts'

const Payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const encode = (payloads: readonly Buffer[]): Buffer => Buffer.concat(payloads.flatMap((payload) => [frameHeader([payload]), payload]))
const payloadsOf = (bytes: Buffer): string[] => readFrames(bytes).frames.map(({ payload }) => payload.toString('hex'))

describe('frames', () => {
  test('come back as they were written, in parts or whole', () => {
    fc.assert(
      fc.property(fc.array(Payload), fc.nat(300), (payloads, cut) => {
        const parts = payloads.flatMap((payload) => [
          frameHeader([payload.subarray(0, cut), payload.subarray(cut)]),
          payload.subarray(0, cut),
          payload.subarray(cut),
        ])
        const bytes = Buffer.concat(parts)
        expect(bytes.equals(encode(payloads))).toBe(true)
        expect(readFrames(bytes)).toMatchObject({ end: 'whole' })
        expect(payloadsOf(bytes)).toEqual(payloads.map((payload) => payload.toString('hex')))
      }),
    )
  })

  test('of any torn tail are a prefix of those that were written, each whole', () => {
    fc.assert(
      fc.property(fc.array(Payload, { minLength: 1 }), fc.nat(), fc.uint8Array({ maxLength: 50 }), (payloads, at, garbage) => {
        const bytes = encode(payloads)
        const kept = at % bytes.length
        const ends = readFrames(bytes).frames.map(({ end }) => end)
        const whole = ends.filter((end) => end <= kept).length
        const torn = readFrames(bytes.subarray(0, kept)).frames
        expect(torn).toHaveLength(whole)
        // What a crash left behind is no frame, whatever it is: zeros of a file that had grown, or another's bytes.
        const rest = Buffer.concat([bytes.subarray(0, ends[whole - 1] ?? 0), Buffer.from(garbage), Buffer.alloc(garbage.length)])
        expect(payloadsOf(rest).slice(0, whole)).toEqual(payloadsOf(bytes).slice(0, whole))
        expect(payloadsOf(rest)).toHaveLength(whole)
      }),
    )
  })

  test('with a changed bit end before it', () => {
    fc.assert(
      fc.property(fc.array(Payload, { minLength: 1 }), fc.nat(), fc.nat(7), (payloads, at, bit) => {
        const bytes = encode(payloads)
        const place = at % bytes.length
        const damaged = Buffer.from(bytes)
        damaged[place] = (damaged[place] ?? 0) ^ (1 << bit)
        const before = readFrames(bytes).frames.filter(({ end }) => end <= place).length
        expect(payloadsOf(damaged)).toEqual(payloadsOf(bytes).slice(0, before))
      }),
    )
  })
})
