import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { loaded } from './src/loaded.ts'
import { forThemes, usePages } from './src/pages.ts'

const { system, openPage } = usePages()

const range = (page: Page) => page.getByRole('combobox', { name: 'Range of time' })
const numbers = (page: Page) => page.getByRole('main').locator('dl').first()
/** Milliseconds that a list of runs reaches back. */
const reach = (page: Page) => {
  const from = /started:>=(\S+)/.exec(new URL(page.url()).searchParams.get('query') ?? '')?.[1]
  return from === undefined ? Number.NaN : Date.now() - Date.parse(from)
}

const HOUR_MS = 3_600_000
const DAYS_7 = 168
/** A number, what its list is filtered by, and the heading there. */
const NUMBERS = [
  ['Runs', /^started:>=\S+$/, 'Runs'],
  ['Success rate', /^status:succeeded started:/, 'Runs'],
  ['Failed, crashed', /^status:failed,crashed started:/, 'Runs'],
  ['p50 duration', null, 'Latency'],
  ['p95 duration', null, 'Latency'],
  ['Cost', null, 'Cost'],
  ['Tokens', null, 'Cost'],
  ['Lost to failures', /^status:failed,crashed,cancelled started:/, 'Runs'],
  ['Saved by resume', /^executions:>1 started:/, 'Runs'],
] as const

it('each number opens its list with the same range, by keyboard; Back leads here again', async () => {
  const page = await openPage(`/?hours=${DAYS_7}`)
  await loaded(page, 'Overview')
  for (const [name, filter, title] of NUMBERS) {
    await tabTo(page, numbers(page).getByRole('link', { name, exact: true }))
    await press(page, 'Enter')
    await loaded(page, title)
    if (filter === null) {
      await page.waitForURL(new RegExp(`hours=${DAYS_7}`))
      expect(await range(page).inputValue()).toBe(String(DAYS_7))
    } else {
      await expect.poll(() => new URL(page.url()).searchParams.get('query')).toMatch(filter)
      // Of whole minutes.
      expect(Math.abs(reach(page) - DAYS_7 * HOUR_MS)).toBeLessThan(3 * 60_000)
    }
    await page.goBack()
    await loaded(page, 'Overview')
    expect(new URL(page.url()).search).toBe(`?hours=${DAYS_7}`)
    await numbers(page).waitFor()
  }
})

it('counts what its lists show', async () => {
  const agent = `counted-${randomUUID().slice(0, 8)}`
  await callApi<Run>(system, 'POST', '/api/v1/runs', { agent })
  const page = await openPage('/?hours=1')
  await loaded(page, 'Overview')
  const link = numbers(page).getByRole('link', { name: 'Runs', exact: true })
  await link.waitFor()
  const list = new URL((await link.getAttribute('href')) ?? '', system.webUrl)
  const figure = async () => (await link.locator('xpath=ancestor::div[1]/dd[1]').textContent()) ?? ''
  const matched = async () => {
    const query = `started:>=${list.searchParams.get('from')}`
    const { matched } = await callApi<{ matched: number }>(
      system,
      'GET',
      `/api/v1/runs/facets?${new URLSearchParams({ query, topLevel: 'true' })}`,
    )
    return String(matched)
  }
  // Both move: a run that has just begun is in one of them first.
  await expect.poll(async () => (await figure()) === (await matched())).toBe(true)
})

it('keeps the range in the address, over a reload and on the way back', async () => {
  const page = await openPage('/')
  await loaded(page, 'Overview')
  expect(await range(page).inputValue()).toBe('24')
  await tabTo(page, range(page))
  await press(page, 'ArrowDown', 'ArrowDown')
  await page.waitForURL(/hours=720/)
  await page.reload()
  await loaded(page, 'Overview')
  expect(await range(page).inputValue()).toBe('720')
  await tabTo(page, page.getByRole('link', { name: /workers? alive/ }))
  await press(page, 'Enter')
  await loaded(page, 'Workers')
  await page.goBack()
  await loaded(page, 'Overview')
  expect(await range(page).inputValue()).toBe('720')
})

it('says the range of an address that was written by hand, and takes none that can’t be', async () => {
  const page = await openPage('/?hours=48')
  await loaded(page, 'Overview')
  expect(await range(page).locator('option:checked').textContent()).toBe('Last 48 hours')
  for (const hours of ['0', '-3', 'many', '99999999']) {
    await page.goto(`/?hours=${hours}`)
    await loaded(page, 'Overview')
    expect(await range(page).inputValue()).toBe('24')
    await numbers(page).waitFor()
  }
})

it('says of a range without runs where the last one is', async () => {
  const page = await openPage('/')
  await loaded(page, 'Overview')
  // As if all of them were older: how old the sample is can't be chosen.
  await page.route('**/api/trpc/**reports.overview**', async (route) => {
    const response = await route.fetch()
    // Answers come as they are ready, a line each.
    const lines = (await response.text()).split('\n')
    const empty = lines.map((line) => (line.includes('"succeeded"') ? line.replace(/"(runs|tokens)":\d+/g, '"$1":0') : line))
    await route.fulfill({ response, body: empty.join('\n') })
  })
  await page.getByText('No runs in this range').waitFor()
  await page.getByText(/^The last one began/).waitFor()
  await expectAccessible(page)
  await tabTo(page, page.getByRole('main').getByRole('link', { name: /^Show the last/ }))
  await press(page, 'Enter')
  await page.waitForURL(/hours=/)
})

it('opens a failure group from what failed most', async () => {
  const page = await openPage(`/?hours=${DAYS_7}`)
  await loaded(page, 'Overview')
  const failures = page.getByRole('region', { name: 'What failed most' })
  const first = failures.getByRole('link').first()
  const type = await first.locator('span').nth(1).textContent()
  await tabTo(page, first)
  await press(page, 'Enter')
  await page.waitForURL(/\/failures\//)
  await page
    .getByText(type ?? '')
    .first()
    .waitFor()
})

forThemes('is accessible over a day and over a month', async (theme) => {
  const page = await openPage('/', { theme })
  await loaded(page, 'Overview')
  await numbers(page).waitFor()
  await expectAccessible(page)
  await page.goto('/?hours=720')
  await loaded(page, 'Overview')
  await numbers(page).waitFor()
  await expectAccessible(page)
})
