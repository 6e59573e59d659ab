import type { RunPage } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { press, tabTo } from './src/keyboard.ts'
import { loaded } from './src/loaded.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()

const NARROW = { width: 420, height: 850 }
const PAGES = [
  '/',
  '/runs',
  '/failures',
  '/traces?runs=all',
  '/sessions',
  '/sessions/reading-0',
  '/users',
  '/users/ada',
  '/cost',
  '/latency',
  '/few-shot',
  '/few-shot/support-replies',
  '/workers',
  '/schedules',
  '/settings',
  '/compare',
]
const RUN_VIEWS = ['waterfall', 'transcript', 'steps', 'state', 'artifacts', 'flame', 'graph', 'statistics', 'log', 'details', 'raw']

/** By how many pixels the page, or its part under the navigation, is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
  const widths = await Promise.all(['html', 'main'].map((name) => page.locator(name).evaluate((element) => element.scrollWidth)))
  return Math.max(...widths) - NARROW.width
}

it.each(PAGES)('%s fits a narrow screen', async (path) => {
  const page = await openPage(path, NARROW)
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
})

it('a run fits a narrow screen in each of its views, also with a span open', async () => {
  const { items } = await callApi<RunPage>(system, 'GET', '/api/v1/runs?agent=research&tag=crash&limit=1')
  const page = await openPage(`/runs/${items[0]?.id}`, NARROW)
  await page.getByRole('treeitem').first().waitFor()
  await tabTo(page, page.getByRole('tree'))
  await press(page, 'ArrowDown', 'Enter')
  await page.waitForURL(/span=/)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  for (const view of RUN_VIEWS) {
    await page.goto(`/runs/${items[0]?.id}?view=${view}`)
    await page.getByRole('tab', { selected: true }).waitFor()
    expect([view, await overflow(page)]).toEqual([view, 0])
  }
})

it('a long list draws only what is in sight', async () => {
  const page = await openPage('/runs', NARROW)
  await loaded(page, 'Runs')
  const table = page.getByRole('table', { name: 'Runs' })
  await table.getByRole('row').nth(1).waitFor()
  const { scrolled, seen } = await table.evaluate((element) => ({
    scrolled: element.parentElement?.scrollHeight ?? 0,
    seen: element.parentElement?.clientHeight ?? 0,
  }))
  expect(seen).toBeLessThan(NARROW.height)
  expect(scrolled).toBeGreaterThan(seen)
})

it('opens and closes its menu by keyboard, and goes', async () => {
  const page = await openPage('/', NARROW)
  await loaded(page, 'Overview')
  const menu = page.getByRole('button', { name: 'Menu' })
  await tabTo(page, menu)
  expect(await menu.getAttribute('aria-expanded')).toBe('false')
  await press(page, 'Enter')
  const runs = page.getByRole('link', { name: 'Runs', exact: true }).first()
  await runs.waitFor()
  await tabTo(page, runs, 'Tab')
  await press(page, 'Enter')
  await loaded(page, 'Runs')
  await expect.poll(() => menu.getAttribute('aria-expanded')).toBe('false')
})
