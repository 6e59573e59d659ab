import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { loaded } from './src/loaded.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Shortcuts and preferences' })

const startRun = (agent: string) => callApi<Run>(system, 'POST', '/api/v1/runs', { agent })

/** A time as pages show one of today, or of the day before where midnight has passed in that zone. */
const timeIn = (timeZone: string, at: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at))

async function chooseZone(page: Page, zone: string): Promise<void> {
  await press(page, 'Control+k')
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
  await page.keyboard.type('change time zone')
  const option = (name: string) => page.locator('[role=option][aria-selected=true]').filter({ hasText: name })
  await option('Change time zone').waitFor()
  await press(page, 'Enter')
  await page.getByPlaceholder('Time zone …').waitFor()
  await page.keyboard.type(zone.replaceAll(/[/_]/g, ' '))
  await option(zone).waitFor()
  await press(page, 'Enter')
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor({ state: 'detached' })
}

it('shows times in the browser’s zone, then in the chosen one, also after a reload and in other tabs', async () => {
  const { id, createdAt } = await startRun(`zone-${randomUUID().slice(0, 8)}`)
  const page = await openPage(`/runs/${id}`, { timeZone: 'Asia/Kolkata' })
  const started = page.locator('time').first()
  await expect.poll(() => started.textContent()).toContain(timeIn('Asia/Kolkata', createdAt))
  const other = await page.context().newPage()
  await other.goto(`/runs/${id}`)
  await expect.poll(() => other.locator('time').first().textContent()).toContain(timeIn('Asia/Kolkata', createdAt))
  await press(page, '?')
  await tabTo(page, sheet(page).getByLabel('Time zone'))
  await sheet(page).getByLabel('Time zone').selectOption('America/St_Johns')
  await expect.poll(() => started.textContent()).toContain(timeIn('America/St_Johns', createdAt))
  await expect.poll(() => other.locator('time').first().textContent()).toContain(timeIn('America/St_Johns', createdAt))
  await press(page, 'Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await page.reload()
  await expect.poll(() => started.textContent()).toContain(timeIn('America/St_Johns', createdAt))
  // The exact time stays in UTC.
  expect(await started.getAttribute('title')).toMatch(/ UTC$/)
  await chooseZone(page, 'Asia/Tokyo')
  await expect.poll(() => started.textContent()).toContain(timeIn('Asia/Tokyo', createdAt))
})

it('changes the zone of a chart, and of what is on the page, in their places', async () => {
  const page = await openPage('/runs', { timeZone: 'UTC' })
  const histogram = page.getByRole('img', { name: /runs from/ })
  await histogram.waitFor()
  const before = await histogram.getAttribute('aria-label')
  await chooseZone(page, 'Asia/Kathmandu')
  await expect.poll(() => histogram.getAttribute('aria-label')).not.toBe(before)
})

it('another zone leaves what the reader has chosen and typed', async () => {
  const agent = `zone-${randomUUID().slice(0, 8)}`
  await startRun(agent)
  const page = await openPage(`/runs?query=agent:${agent}`, { timeZone: 'UTC' })
  await page.getByRole('link', { name: agent }).waitFor()
  await press(page, 'j', 'x')
  await page.getByText('1 selected').waitFor()
  const query = page.getByRole('combobox', { name: 'Query' })
  await press(page, '/')
  await press(page, 'End')
  await page.keyboard.type(' user:nobody-yet')
  await chooseZone(page, 'Asia/Tokyo')
  await page.getByText('1 selected').waitFor()
  expect(await query.inputValue()).toBe(`agent:${agent} user:nobody-yet`)
  await expect.poll(() => hasFocus(query)).toBe(true)
})

it('another zone, chosen over a form, leaves the form', async () => {
  const page = await openPage('/schedules', { timeZone: 'UTC' })
  await loaded(page, 'Schedules')
  await tabTo(page, page.getByRole('button', { name: 'New schedule' }))
  await press(page, 'Enter')
  const name = page.getByRole('dialog', { name: /schedule/i }).getByLabel('Name')
  await tabTo(page, name)
  await page.keyboard.type('half written')
  await chooseZone(page, 'Europe/Oslo')
  expect(await name.inputValue()).toBe('half written')
})

it('keeps the theme over a reload, and goes back to that of the system', async () => {
  const page = await openPage('/', { theme: 'light' })
  await loaded(page, 'Overview')
  const isDark = () => page.locator('html').evaluate((html) => html.classList.contains('dark'))
  expect(await isDark()).toBe(false)
  await tabTo(page, page.getByRole('button', { name: 'Light or dark' }))
  await press(page, 'Enter')
  await expect.poll(isDark).toBe(true)
  await page.reload()
  await loaded(page, 'Overview')
  expect(await isDark()).toBe(true)
  await press(page, '?')
  const theme = sheet(page).getByLabel('Theme')
  await tabTo(page, theme)
  expect(await theme.inputValue()).toBe('dark')
  await page.keyboard.type('As')
  await expect.poll(isDark).toBe(false)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(isDark).toBe(true)
  await page.reload()
  await loaded(page, 'Overview')
  expect(await isDark()).toBe(true)
})

it('messages come in the theme that was chosen, not in that of the system', async () => {
  const page = await openPage('/', { theme: 'light' })
  await loaded(page, 'Overview')
  await tabTo(page, page.getByRole('button', { name: 'Light or dark' }))
  await press(page, 'Enter')
  await press(page, 'Control+k')
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
  await page.keyboard.type('copy link')
  await page.locator('[role=option][aria-selected=true]').filter({ hasText: 'Copy link' }).waitFor()
  await press(page, 'Enter')
  await page.getByText('The link is copied.').waitFor()
  expect(await page.locator('[data-sonner-toaster]').getAttribute('data-sonner-theme')).toBe('dark')
  await expectAccessible(page)
})

it('switches the theme from the palette', async () => {
  const page = await openPage('/', { theme: 'dark' })
  await loaded(page, 'Overview')
  await press(page, 'Control+k')
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
  await page.keyboard.type('light')
  await page.locator('[role=option][aria-selected=true]').filter({ hasText: 'Switch to light' }).waitFor()
  await press(page, 'Enter')
  await expect.poll(() => page.locator('html').evaluate((html) => html.classList.contains('dark'))).toBe(false)
})

it('single keys can be switched off; those with Ctrl stay', async () => {
  const page = await openPage('/runs')
  await loaded(page, 'Runs')
  await press(page, '?')
  await tabTo(page, sheet(page).getByLabel('Single-key shortcuts'))
  await press(page, 'Space', 'Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await page.reload()
  await loaded(page, 'Runs')
  await press(page, '?', 'g f')
  await press(page, 'Control+k')
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/runs')
  expect(await sheet(page).count()).toBe(0)
})
