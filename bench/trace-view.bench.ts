// Question: how long until the first line of a trace of so many spans is seen, and does the page stay fluent?
/// <reference lib="dom" />
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createClickHouse } from '@cairn/clickhouse'
import { createPool } from '@cairn/prisma'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { median, percentile } from './src/measure.ts'
import { startCairn } from './src/start-cairn.ts'
import { type RunningWeb, startWeb } from './src/start-web.ts'
import { insertTrace } from './src/trace-view/insert-trace.ts'
import { scrollFrames, watchFirstRow } from './src/trace-view/watch-page.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, spans: { type: 'string' } } })
const SIZES = options.spans?.split(',').map(Number) ?? (options.quick ? [1_000, 33_000] : [1_000, 10_000, 33_000, 100_000])
const ROUNDS = options.quick ? 3 : 7
const FRAMES = options.quick ? 120 : 300
const JUMPS = options.quick ? 60 : 150
const SLOW_MS = 50
const round = (value: number) => Number(value.toFixed(1))
const traceIdOf = (spans: number) => createHash('md5').update(`trace of ${spans}`).digest('hex')

const cairn = await startCairn()
const web = await startWeb(cairn)
const browser = await chromium.launch({
  executablePath: process.env.CAIRN_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
})
try {
  await fillStore()
  const page = await signIn(browser, web)
  const rows = []
  // The code of the page is in the browser's cache, as for who works with it.
  await open(page, SIZES[0] ?? 1_000)
  for (const spans of SIZES) {
    const row = await measure(page, spans)
    rows.push(row)
    console.log(`${spans} spans: first row ${row.firstRowMs} ms, all ${row.completeMs} ms`)
  }
  console.table(rows)
  writeResult('trace-view', rows)
} finally {
  await browser.close()
  await web.stop()
  await cairn.stop()
}

async function fillStore(): Promise<void> {
  const pool = createPool(cairn.databaseUrl, { max: 1 })
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM projects LIMIT 1')
  await pool.end()
  const clickhouse = createClickHouse({ url: cairn.clickhouseUrl })
  for (const spans of SIZES) await insertTrace(clickhouse, { projectId: rows[0]?.id ?? '', traceId: traceIdOf(spans), spans })
  await clickhouse.close()
}

async function signIn(from: Browser, { url, email, password }: RunningWeb): Promise<Page> {
  const context = await from.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript(watchFirstRow)
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  return page
}

/** Opens a trace by its address; milliseconds from there to its first line, painted, and to the last of its spans. */
async function open(page: Page, spans: number): Promise<{ firstRowMs: number; completeMs: number }> {
  await page.goto('about:blank')
  await page.goto(`${web.url}/traces/${traceIdOf(spans)}`, { waitUntil: 'commit' })
  const firstRow = await page.waitForFunction(() => (globalThis as unknown as { firstRowMs?: number }).firstRowMs, undefined, {
    polling: 20,
    timeout: 60_000,
  })
  const firstRowMs = Number(await firstRow.jsonValue())
  const complete = await page.waitForFunction(
    (text) => [...document.querySelectorAll('[role=status]')].some((status) => status.textContent?.startsWith(text)) && performance.now(),
    `${new Intl.NumberFormat('en').format(spans)} spans`,
    { polling: 20, timeout: 60_000 },
  )
  return { firstRowMs, completeMs: Number(await complete.jsonValue()) }
}

async function measure(page: Page, spans: number) {
  const cdp = await page.context().newCDPSession(page)
  const opened = []
  for (let i = 0; i < ROUNDS; i++) opened.push(await open(page, spans))
  const bytes = await tableBytes(spans)
  const scrolled = await page.evaluate(scrollFrames, { frames: FRAMES, jumps: JUMPS })
  const folded = await timeKey(page, '_')
  const expanded = await timeKey(page, '*')
  const found = await timeFind(page)
  const heapMb = await heapOf(cdp)
  await cdp.detach()
  return {
    spans,
    firstRowMs: round(median(opened.map((one) => one.firstRowMs))),
    firstRowWorstMs: round(Math.max(...opened.map((one) => one.firstRowMs))),
    completeMs: round(median(opened.map((one) => one.completeMs))),
    kilobytesSent: round(bytes / 1_000),
    bytesASpan: round(bytes / spans),
    scrollP95Ms: round(percentile(scrolled.steady, 0.95)),
    scrollWorstMs: round(Math.max(...scrolled.steady)),
    scrollOver50: scrolled.steady.filter((ms) => ms > SLOW_MS).length,
    jumpP95Ms: round(percentile(scrolled.jumping, 0.95)),
    jumpWorstMs: round(Math.max(...scrolled.jumping)),
    jumpOver50: scrolled.jumping.filter((ms) => ms > SLOW_MS).length,
    foldAllMs: round(folded),
    expandAllMs: round(expanded),
    findMs: round(found),
    heapMb: round(heapMb),
  }
}

/** As they go over the wire: compressed. */
async function tableBytes(spans: number): Promise<number> {
  const page = browser.contexts()[0]?.pages()[0]
  if (page === undefined) return Number.NaN
  const answer = await page.request.get(`${web.url}/api/traces/${traceIdOf(spans)}/table`)
  return (await answer.body()).length
}

/** From a key to the frame that shows what it did. */
async function timeKey(page: Page, key: string): Promise<number> {
  await page.locator('[role=tree]').focus()
  return page.evaluate(
    (pressed) =>
      new Promise<number>((resolve) => {
        const before = performance.now()
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }))
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - before)))
      }),
    key,
  )
}

/** From the first letter to the number of names that match. */
async function timeFind(page: Page): Promise<number> {
  await page.locator('#find-in-trace').fill('')
  const before = performance.now()
  await page.locator('#find-in-trace').fill('search')
  await page.waitForFunction(
    () => [...document.querySelectorAll('[role=status]')].some((status) => /of [\d,]+/.test(status.textContent ?? '')),
    undefined,
    { polling: 10 },
  )
  return performance.now() - before
}

async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number }
  return (metrics.find((metric) => metric.name === 'JSHeapUsedSize')?.value ?? usedSize) / 1e6
}
