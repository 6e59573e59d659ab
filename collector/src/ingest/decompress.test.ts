import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decompress } from './decompress.ts'

const body = Buffer.from('a trail of stones '.repeat(100))

describe('decompression', () => {
  test.each([
    ['gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['zstd', zstdCompressSync(body)],
    ['identity', body],
    ['', body],
  ])('%s', async (encoding, compressed) => {
    expect((await decompress(compressed, encoding, 10_000)).equals(body)).toBe(true)
  })

  test.each([
    ['gzip', gzipSync(Buffer.alloc(1_000_000))],
    ['deflate', deflateSync(Buffer.alloc(1_000_000))],
    ['zstd', zstdCompressSync(Buffer.alloc(1_000_000))],
  ])('a %s body that grows past the limit is too large', async (encoding, compressed) => {
    await expect(decompress(compressed, encoding, 100_000)).rejects.toMatchObject({ code: 'too_large' })
  })

  test('what is not compressed so is malformed, and an unknown encoding unsupported', async () => {
    for (const encoding of ['gzip', 'deflate', 'zstd'])
      await expect(decompress(body, encoding, 10_000)).rejects.toMatchObject({ code: 'malformed' })
    for (const encoding of ['br', 'constructor', 'toString', '__proto__'])
      await expect(decompress(body, encoding, 10_000), encoding).rejects.toMatchObject({ code: 'unsupported_media_type' })
  })
})
