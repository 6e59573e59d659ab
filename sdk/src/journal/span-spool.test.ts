import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, it } from 'vitest'
import { CairnSpanProcessor } from '../otel/span-processor.ts'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('spans whose collector is away', () => {
  it('are kept on disk up to the limit, the oldest go first and are counted, and what is left arrives', async () => {
    const collector = await fake.start()
    await collector.goAway()
    const journalDir = mkdtempSync(join(tmpdir(), 'cairn-test-spool-'))
    folders.push(journalDir)
    const journalSpanBytes = 10 * 1024 * 1024
    const processor = new CairnSpanProcessor({ url: collector.url, journalDir, journalSpanBytes, maxBatchSpans: 10 })
    const provider = new TracerProvider({ spanProcessors: [processor] })
    const tracer = provider.getTracer('test')
    for (let i = 0; i < 200; i++) {
      tracer.startSpan(`s${i}`, { attributes: { text: 'x'.repeat(100_000) } }).end()
      if (i % 20 === 19) await provider.forceFlush()
    }
    const files = readdirSync(journalDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
    expect(bytes).toBeGreaterThan(1_000_000)
    expect(bytes).toBeLessThanOrEqual(journalSpanBytes)
    expect(processor.droppedSpans).toBeGreaterThan(50)
    await collector.comeBack()
    await until(() => collector.spans.some((span) => span.name === 's199'), 20_000)
    await until(() => collector.spans.length + processor.droppedSpans === 200, 20_000)
    expect(collector.spans.some((span) => span.name === 's0')).toBe(false)
    await provider.shutdown()
  })
})
