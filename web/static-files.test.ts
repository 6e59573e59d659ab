import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staticFiles, staticFolder } from './static-files.ts'

const script = 'console.log("hello")\n'.repeat(100)
let web: string
let server: Server

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'cairn-static-'))
  const chunks = join(staticFolder(web), 'chunks')
  await mkdir(chunks, { recursive: true })
  await writeFile(join(chunks, 'a.js'), script)
  await writeFile(join(chunks, 'a.js.br'), brotliCompressSync(script))
  await writeFile(join(chunks, 'a.js.gz'), gzipSync(script))
  await writeFile(join(chunks, 'b.woff2'), 'font')
  await writeFile(join(web, 'secret.json'), '{}')
  const serve = staticFiles(web)
  server = createServer((incoming, response) => {
    if (!serve(incoming, response)) response.writeHead(404).end('not a file of the build')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(web, { recursive: true })
})

/** As it comes over the wire: fetch would decompress it, and tidy the path up. */
function get(path: string, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, async (answer) => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) })
    })
    asked.on('error', reject).end()
  })
}

test.each([
  { accept: 'gzip, deflate, br, zstd', encoding: 'br' },
  { accept: 'gzip', encoding: 'gzip' },
  { accept: 'br;q=0, gzip', encoding: 'gzip' },
  { accept: 'identity', encoding: undefined },
])('a client that accepts "$accept" gets $encoding', async ({ accept, encoding }) => {
  const { status, headers, body } = await get('/_next/static/chunks/a.js?dpl=1', { 'accept-encoding': accept })
  expect(status).toBe(200)
  expect(headers['content-encoding']).toBe(encoding)
  const text = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
  expect(text.toString()).toBe(script)
  expect(headers['content-type']).toMatch(/^text\/javascript/)
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(headers.vary).toBe('Accept-Encoding')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-security-policy']).toContain("default-src 'self'")
})

test('a file that the build left as it is comes as it is', async () => {
  const { headers, body } = await get('/_next/static/chunks/b.woff2', { 'accept-encoding': 'br' })
  expect(headers['content-encoding']).toBeUndefined()
  expect(headers['content-type']).toBe('font/woff2')
  expect(body.toString()).toBe('font')
})

test('one that has it gets no body again', async () => {
  const first = await get('/_next/static/chunks/a.js', { 'accept-encoding': 'br' })
  const again = await get('/_next/static/chunks/a.js', { 'accept-encoding': 'br', 'if-none-match': String(first.headers.etag) })
  expect(again.status).toBe(304)
  expect(again.body).toHaveLength(0)
})

test.each([
  '/',
  '/_next/static/',
  '/_next/static/chunks',
  '/_next/static/chunks/none.js',
  '/_next/static/chunks/a.js/b.js',
  '/_next/static/%E0%A4.js',
  '/_next/static/chunks/a.js%00.js',
  '/_next/static/../../secret.json',
  '/_next/static/..%2f..%2fsecret.json',
  '/_next/static/..%5c..%5csecret.json',
])('%s is none of its files', async (path) => {
  const { status, body } = await get(path)
  expect(status).toBe(404)
  expect(body.toString()).toBe('not a file of the build')
})

test('a range that ends before it begins is refused', async () => {
  expect((await get('/_next/static/chunks/a.js', { range: 'bytes=5-2' })).status).toBe(416)
})
