// Question: how fast does the server answer the pages on the sample data, and how much code must be loaded before the first look?
/// <reference lib="dom" />
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { startWithSample } from '../e2e/src/sample-system.ts'
import { type StorageState, signInOnce } from '../e2e/src/sign-in.ts'
import type { System } from '../e2e/src/system.ts'
import { percentile } from './src/measure.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const ROUNDS = options.quick ? 5 : 30
const round = (value: number) => Number(value.toFixed(1))

const system = await startWithSample()
const browser = await chromium.launch({
  executablePath: process.env.CAIRN_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const storageState = await signInOnce(system)
  const rows = []
  for (const { name, path } of await listPages(system)) rows.push(await measure(name, { path, browser, storageState }))
  console.table(rows)
  writeResult('pages', rows)
} finally {
  await browser.close()
  await system.stop()
}

/** The pages that have the most to say: of a list its first entry, of runs the one that crashed. */
async function listPages({ url, key }: System): Promise<{ name: string; path: string }[]> {
  const first = async (path: string) => {
    const answer = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${key}` } })
    const { items } = (await answer.json()) as { items: Record<string, string>[] }
    if (items[0] === undefined) throw new Error(`The sample has nothing at ${path}.`)
    return items[0]
  }
  const [crashed, failure] = [await first('runs?status=crashed'), await first('failures')]
  return [
    { name: 'sign-in', path: '/sign-in' },
    { name: 'overview', path: '/' },
    { name: 'runs', path: '/runs' },
    { name: 'run', path: `/runs/${crashed.id}` },
    { name: 'transcript of a run', path: `/runs/${crashed.id}?view=transcript` },
    { name: 'failures', path: '/failures' },
    { name: 'failure group', path: `/failures/${failure.group}` },
    { name: 'compare', path: '/compare' },
    { name: 'traces', path: '/traces?runs=all' },
    { name: 'trace', path: `/traces/${crashed.traceId}` },
    { name: 'sessions', path: '/sessions' },
    { name: 'session', path: `/sessions/${crashed.sessionId}` },
    { name: 'users', path: '/users' },
    { name: 'user', path: `/users/${crashed.userId}` },
    { name: 'cost', path: '/cost' },
    { name: 'latency', path: '/latency' },
    { name: 'few-shot', path: '/few-shot' },
    { name: 'workers', path: '/workers' },
    { name: 'schedules', path: '/schedules' },
    { name: 'settings', path: '/settings' },
  ]
}

interface Where {
  readonly path: string
  readonly browser: Browser
  readonly storageState: StorageState
}

/** A browser tells what a page loads; what the server takes for it is measured without one, which would take the cores from it. */
async function measure(name: string, { path, browser, storageState }: Where) {
  const context = await browser.newContext({
    baseURL: system.webUrl,
    viewport: { width: 1440, height: 900 },
    ...(name === 'sign-in' ? {} : { storageState }),
  })
  const page = await context.newPage()
  await page.goto(path, { waitUntil: 'networkidle' })
  const loaded = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map((entry) => ({
      address: entry.name,
      bytes: entry.encodedBodySize,
    })),
  )
  const html = await (await context.request.get(path)).text()
  await context.close()
  const code = [...new Map(loaded.filter(({ address }) => /\.js(\?|$)/.test(address)).map((file) => [file.address, file.bytes]))]
  const kilobytes = (files: typeof code) => round(files.reduce((sum, [, bytes]) => sum + bytes, 0) / 1_000)
  const cookie = name === 'sign-in' ? '' : storageState.cookies.map((one) => `${one.name}=${one.value}`).join('; ')
  const data = [...new Set(loaded.map(({ address }) => address).filter((address) => address.includes('/api/')))]
  const documents = await time(cookie, [new URL(path, system.webUrl).href])
  const answers = await time(cookie, data)
  return {
    page: name,
    htmlP50Ms: round(percentile(documents, 0.5)),
    htmlP95Ms: round(percentile(documents, 0.95)),
    questions: data.length,
    dataP50Ms: data.length === 0 ? null : round(percentile(answers, 0.5)),
    dataP95Ms: data.length === 0 ? null : round(percentile(answers, 0.95)),
    codeFirstKb: kilobytes(code.filter(([address]) => html.includes(new URL(address).pathname))),
    codeAllKb: kilobytes(code),
  }
}

/** Milliseconds from each question to the last byte of its answer, one after the other on one connection. */
async function time(cookie: string, addresses: readonly string[]): Promise<number[]> {
  const times = []
  for (let i = 0; i < ROUNDS; i++)
    for (const address of addresses) {
      const began = performance.now()
      const answer = await fetch(address, { headers: { cookie, 'accept-encoding': 'br, gzip' } })
      await answer.arrayBuffer()
      times.push(performance.now() - began)
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}`)
    }
  return times
}
