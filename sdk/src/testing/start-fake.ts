import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { Cairn } from '../cairn.ts'
import type { CairnOptions } from '../config.ts'
import { FakeCollector } from './fake-collector.ts'

/** A fake collector and SDKs on it, closed after each test. */
export function useFake(): { start(): Promise<FakeCollector>; connect(collector: FakeCollector, options?: CairnOptions): Cairn } {
  const open: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })
  return {
    start: async () => {
      const collector = new FakeCollector()
      await collector.listen()
      open.push(() => collector.close())
      return collector
    },
    connect: (collector, options) => {
      const journalDir = mkdtempSync(join(tmpdir(), 'cairn-test-journal-'))
      open.push(() => rm(journalDir, { recursive: true, force: true }))
      const cairn = new Cairn({ url: collector.url, telemetry: false, journalDir, ...options })
      open.push(() => cairn.close())
      return cairn
    },
  }
}

/** Waits until it holds, and fails loudly if it doesn't in time. */
export async function until(holds: () => boolean, timeoutMs = 5_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !holds(); ) {
    if (Date.now() > deadline) throw new Error(`still not: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
