import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LogReader } from './log-reader.ts'
import { SegmentLog } from './segment-log.ts'

const DISK_MIB = 16
const folder = mkdtempSync(join(tmpdir(), 'cairn-test-disk-'))
/** A disk of its own that can be filled: needs root, and Linux. */
const isMounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
let log: SegmentLog
const warn = () => {}
beforeAll(async () => {
  log = await SegmentLog.open({ folder, segmentBytes: 2 ** 20, maxBytes: 2 ** 30, after: { segment: 0, offset: 0 }, warn })
})
afterAll(async () => {
  await log?.close()
  if (isMounted) execFileSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
})

const fill = (bytes: number) => Buffer.alloc(bytes, 7)

async function countEntries(): Promise<number> {
  const reader = new LogReader({ folder, blockBytes: 2 ** 20, warn: (_details, message) => expect.fail(message) })
  let count = 0
  for (let at = { segment: 0, offset: 0 }; ; ) {
    const block = await reader.next(at, log.end)
    if (block === undefined) return count
    count += block.entries.length
    at = { segment: block.segment, offset: block.to }
  }
}

test.skipIf(!isMounted)('a full disk refuses, corrupts nothing, and takes again when there is room', async () => {
  let taken = 0
  const append = async (bytes: number): Promise<unknown> => {
    try {
      await log.append([fill(bytes)])
      taken += 1
      return undefined
    } catch (error) {
      return error
    }
  }
  // Suddenly, in the middle of a write, between two looks at what is free.
  expect(await append(300_000)).toBeUndefined()
  writeFileSync(join(folder, 'filler'), fill((DISK_MIB - 2) * 2 ** 20))
  const errors = await Promise.all(Array.from({ length: 10 }, () => append(400_000)))
  expect(errors.filter((error) => error !== undefined)).not.toHaveLength(0)
  for (const error of errors)
    if (error !== undefined) expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('disk is full') })
  expect(await countEntries()).toBe(taken)
  // Seen in time: some is left for the ledger, without which the log could never shrink.
  rmSync(join(folder, 'filler'))
  await new Promise((resolve) => setTimeout(resolve, 600))
  let refused: unknown
  while (refused === undefined) {
    refused = await append(100_000)
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  expect(refused).toMatchObject({ code: 'unavailable' })
  writeFileSync(join(folder, 'ledger'), fill(200_000))
  expect(await countEntries()).toBe(taken)
  rmSync(join(folder, 'ledger'))
  await log.trim(log.end)
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(await append(100_000)).toBeUndefined()
  expect(readdirSync(folder).length).toBeLessThan(4)
})
