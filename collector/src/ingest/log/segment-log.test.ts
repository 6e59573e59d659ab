import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LogReader } from './log-reader.ts'
import { SegmentLog, type SegmentLogOptions } from './segment-log.ts'

let folder: string
let warnings: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-test-log-'))
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const warn = (_details: object, message: string) => void warnings.push(message)
const openLog = (more: Partial<SegmentLogOptions> = {}) =>
  SegmentLog.open({ folder, segmentBytes: 1_000, maxBytes: 100_000, after: { segment: 0, offset: 0 }, warn, ...more })
const text = (payload: string) => [Buffer.from(payload.slice(0, 3)), Buffer.from(payload.slice(3))]
const segments = () => readdirSync(folder).sort()

async function readAll(log: SegmentLog, blockBytes = 700): Promise<string[]> {
  const reader = new LogReader({ folder, blockBytes, warn })
  const payloads: string[] = []
  let at = { segment: 0, offset: 0 }
  for (;;) {
    const block = await reader.next(at, log.end)
    if (block === undefined) return payloads
    for (const { payload } of block.entries) payloads.push(payload.toString())
    expect((await reader.again(block))?.entries.map(({ payload }) => payload)).toEqual(block.entries.map(({ payload }) => payload))
    at = { segment: block.segment, offset: block.to }
  }
}

describe('the segment log', () => {
  test('gives what was appended, in order, over segments and restarts, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ maxLength: 400 }), { maxLength: 8 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 3_000 }),
        async (lives, blockBytes) => {
          for (const name of segments()) rmSync(join(folder, name))
          for (const payloads of lives) {
            const log = await openLog()
            await Promise.all(payloads.map((payload) => log.append(text(payload))))
            await log.close()
          }
          const log = await openLog()
          expect(await readAll(log, blockBytes)).toEqual(lives.flat())
          await log.close()
        },
      ),
      { numRuns: 30 },
    )
  })

  test('cuts a torn tail, says so, and goes on behind it', async () => {
    const first = await openLog()
    for (const payload of ['one', 'two']) await first.append(text(payload))
    await first.close()
    appendFileSync(join(folder, segments()[0] ?? ''), Buffer.from([9, 0, 0, 0, 1, 2, 3, 4, 5]))
    const second = await openLog()
    expect(warnings).toEqual(['the tail of the ingest log was damaged and is cut'])
    await second.append(text('three'))
    expect(await readAll(second)).toEqual(['one', 'two', 'three'])
    await second.close()
  })

  test('leaves out what a disk has damaged in the middle, and loses nothing else', async () => {
    const log = await openLog({ segmentBytes: 30 })
    for (const payload of ['one', 'two', 'three', 'four', 'five', 'six']) await log.append(text(payload))
    const path = join(folder, segments()[0] ?? '')
    const bytes = readFileSync(path)
    bytes[9] = 0
    writeFileSync(path, bytes)
    const read = await readAll(log)
    expect(['one', 'two', 'three', 'four', 'five', 'six'].slice(-read.length)).toEqual(read)
    expect(read.length).toBeGreaterThan(2)
    expect(warnings).toContain('the ingest log is damaged: the rest of a segment is left out')
    await log.close()
  })

  test('takes nothing past its limit, and again what was trimmed has made room for', async () => {
    const log = await openLog({ segmentBytes: 100, maxBytes: 400 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, async () => log.append([Buffer.alloc(92)])))
    await log.append([Buffer.alloc(200)]).catch((error) => expect(error).toMatchObject({ code: 'unavailable' }))
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true)
    await log.trim(log.end)
    expect(segments()).toEqual([])
    await log.append([Buffer.alloc(92)])
    expect(log.bytes).toBeLessThan(400)
    await log.close()
  })

  test('never uses the number of a segment again', async () => {
    const log = await openLog()
    await log.append(text('one'))
    const { segment } = log.end
    await log.close()
    for (const name of segments()) rmSync(join(folder, name))
    const next = await openLog({ after: { segment, offset: 11 } })
    await next.append(text('two'))
    expect(next.end.segment).toBe(segment + 1)
    await next.close()
  })

  test('an entry whose write failed leaves nothing behind, and the next one is taken', async () => {
    const log = await openLog()
    await log.append(text('one'))
    // As a disk that fails: the file is gone from under the log.
    const { handle } = (log as unknown as { current: { handle: { close(): Promise<void> } } }).current
    await handle.close()
    await expect(log.append(text('lost'))).rejects.toMatchObject({ code: 'unavailable' })
    await log.append(text('two'))
    expect(await readAll(log)).toEqual(['one', 'two'])
    expect(segments().every((name) => statSync(join(folder, name)).size > 0)).toBe(true)
    await log.close()
  })
})
