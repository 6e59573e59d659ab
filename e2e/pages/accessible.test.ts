import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { settled } from './src/loaded.ts'
import { THEMES, usePages } from './src/pages.ts'
import { newTraceId, sendTrace } from './src/spans.ts'
import { line, spanPanel, twoRoots } from './src/waterfall.ts'

const { system, openPage } = usePages()
const { spans, ids } = twoRoots()
const WIDTHS = [1_440, 420] as const
const set = `moods ${randomUUID().slice(0, 8)}`

let run = ''
let trace = ''
beforeAll(async () => {
  const { items } = await callApi<{ items: Run[] }>(system, 'GET', '/api/v1/runs?agent=research&status=crashed&limit=1')
  run = `/runs/${items[0]?.id}`
  trace = `/traces/${await sendTrace(system, spans)}`
  await callApi(system, 'POST', `/api/v1/few-shot/${encodeURIComponent(set)}/examples`, {
    input: 'how are you',
    output: { mood: 'pensive' },
  })
})

const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor()
const line1 = (page: Page) => page.getByRole('treeitem').first().waitFor()
const region = (name: string) => (page: Page) => page.getByRole('region', { name, exact: true }).waitFor()
const text = (what: string | RegExp) => (page: Page) => page.getByText(what).first().waitFor()

interface Look {
  readonly path: () => string
  readonly shown: (page: Page) => Promise<unknown>
  readonly errors?: readonly RegExp[]
}

const openSpan = async (page: Page, label: string) => {
  await line(page, label).first().waitFor()
  await spanPanel(page).getByRole('tab', { name: 'Attributes' }).waitFor()
}

const LOOKS: Readonly<Record<string, Look>> = {
  'a run’s waterfall': { path: () => `${run}?critical=true`, shown: line1 },
  'a run’s flame graph': { path: () => `${run}?view=flame`, shown: text(/^\d+ boxes/) },
  'a run’s graph': { path: () => `${run}?view=graph`, shown: (page) => page.getByRole('button', { name: /^invoke_agent/ }).waitFor() },
  'a run’s statistics': { path: () => `${run}?view=statistics`, shown: (page) => page.getByRole('table').waitFor() },
  'a run’s transcript': { path: () => `${run}?view=transcript`, shown: region('Transcript') },
  'a trace with a span that failed': { path: () => `${trace}?span=${ids.fetchOne}`, shown: (page) => openSpan(page, 'fetch one') },
  'a span’s attributes': { path: () => `${trace}?span=${ids.plan}&tab=attributes`, shown: (page) => openSpan(page, 'plan') },
  'a span’s events': { path: () => `${trace}?span=${ids.fetchOne}&tab=events`, shown: (page) => openSpan(page, 'fetch one') },
  'a trace that is sought in and zoomed': { path: () => `${trace}?find=fetch&zoom=0-600&level=1`, shown: text('of 2') },
  'no trace': { path: () => `/traces/${newTraceId()}`, shown: text('There is no such trace') },
  'the settings': { path: () => '/settings', shown: heading('Settings') },
  'the cost': { path: () => '/cost', shown: heading('Cost') },
  'the cost by day': { path: () => '/cost?by=day&hours=168', shown: heading('Cost') },
  'the latency': { path: () => '/latency', shown: heading('Latency') },
  'few-shot sets': { path: () => '/few-shot', shown: (page) => page.getByRole('link', { name: set }).waitFor() },
  'a few-shot set': { path: () => `/few-shot/${encodeURIComponent(set)}`, shown: text('how are you') },
  'traces of no run': { path: () => '/traces', shown: heading('Traces') },
  'a page that is not there': { path: () => '/nowhere', shown: heading('There is no such page'), errors: [/404/] },
  'a run that is not there': { path: () => `/runs/${randomUUID()}`, shown: text('There is no such run'), errors: [/404/] },
}

const cases = Object.entries(LOOKS).flatMap(([name, look]) => THEMES.map((theme) => [name, theme, look] as const))

it.each(cases)('%s is accessible in %s, wide and narrow', async (_name, theme, { path, shown, errors = [] }) => {
  const page = await openPage(path(), { theme, expectedErrors: errors })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    await shown(page)
    await settled(page)
    await expectAccessible(page)
    // Only what scrolls on purpose is wider than the screen.
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
  }
})

it.each(THEMES)('what opens over a few-shot set is accessible in %s', async (theme) => {
  const page = await openPage(`/few-shot/${encodeURIComponent(set)}`, { theme })
  for (const act of ['Edit', 'Remove']) {
    await tabTo(page, page.getByRole('button', { name: act, exact: true }))
    await press(page, 'Enter')
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page)
    await press(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
})
