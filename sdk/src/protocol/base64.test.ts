import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

it.each(['with', 'without'])('writes and reads any bytes as base64 %s Node’s Buffer', async (which) => {
  const NodeBuffer = Buffer
  if (which === 'without') vi.stubGlobal('Buffer', undefined)
  const { fromBase64, toBase64 } = await import('./base64.ts')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(NodeBuffer.from(bytes).toString('base64'))
      expect([...fromBase64(text)]).toEqual([...bytes])
    }),
  )
})
