import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { loaded } from './src/loaded.ts'
import { forThemes, usePages } from './src/pages.ts'

const { system, openPage } = usePages()

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' })
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Shortcuts and preferences' })
const option = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name })

/** What Enter would do now. */
const chosen = (page: Page) => palette(page).locator('[role=option][aria-selected=true]')

async function find(page: Page, text: string): Promise<void> {
  await press(page, 'Control+k')
  await palette(page).waitFor()
  await page.keyboard.type(text)
}

it('finds a page by a few letters and goes there', async () => {
  const page = await openPage('/runs')
  await loaded(page, 'Runs')
  await find(page, 'laten')
  await chosen(page).filter({ hasText: 'Latency' }).waitFor()
  await press(page, 'Enter')
  await page.waitForURL(/\/latency$/)
  await loaded(page, 'Latency')
  await palette(page).waitFor({ state: 'detached' })
})

it('finds a run by a part of its agent, and what can be done there', async () => {
  const agent = `palette-${randomUUID().slice(0, 8)}`
  const { id } = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent })
  const page = await openPage('/')
  await loaded(page, 'Overview')
  await find(page, agent.slice(0, 12))
  await option(page, new RegExp(agent)).waitFor()
  await expect.poll(() => chosen(page).textContent()).toContain(agent)
  await press(page, 'Enter')
  await page.waitForURL(new RegExp(`/runs/${id}`))
  await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor()
  await find(page, 'cancel the run')
  await chosen(page).filter({ hasText: 'Cancel the run' }).waitFor()
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Cancel run' })
  await dialog.waitFor()
  // The palette has gone, and does not take the focus from what it opened.
  await expect.poll(() => hasFocus(dialog.getByRole('button', { name: 'Leave it' }))).toBe(true)
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  expect((await callApi<Run>(system, 'GET', `/api/v1/runs/${id}`)).status).toBe('queued')
  // What was looked at is offered first the next time.
  await page.goto('/')
  await loaded(page, 'Overview')
  await press(page, 'Control+k')
  await expect.poll(() => chosen(page).textContent()).toContain(agent)
})

it('opens a saved view of the runs, with its columns and order', async () => {
  const name = `palette view ${randomUUID().slice(0, 8)}`
  const page = await openPage('/runs?query=status:crashed&sort=cost&order=asc&columns=status,agent,lost')
  await page.getByRole('columnheader', { name: 'Lost' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Views' }))
  await press(page, 'Enter')
  await tabTo(page, page.getByLabel('Name of the view'))
  await page.keyboard.type(name)
  await press(page, 'Enter')
  await page.getByRole('button', { name: `Rename ${name}` }).waitFor()
  await page.goto('/failures')
  await loaded(page, 'Failures')
  await find(page, name)
  await chosen(page).filter({ hasText: 'status:crashed' }).waitFor()
  await press(page, 'Enter')
  await page.waitForURL(/\/runs\?/)
  await page.getByRole('columnheader', { name: 'Lost' }).waitFor()
  const address = new URL(page.url()).searchParams
  expect(Object.fromEntries(address)).toEqual({ query: 'status:crashed', sort: 'cost', order: 'asc', columns: 'status,agent,lost' })
  expect(await page.getByRole('columnheader', { name: 'Cost' }).count()).toBe(0)
})

it('closes by Escape and by its own keys, and gives the focus back', async () => {
  const page = await openPage('/runs')
  await loaded(page, 'Runs')
  const button = page.getByRole('button', { name: 'Columns' })
  await tabTo(page, button)
  for (const key of ['Escape', 'Control+k']) {
    await press(page, 'Control+k')
    await expect.poll(() => hasFocus(palette(page).getByRole('combobox'))).toBe(true)
    await press(page, key)
    await palette(page).waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(button)).toBe(true)
  }
  await press(page, '?')
  await sheet(page).waitFor()
  await press(page, 'Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(button)).toBe(true)
})

it('lists what keys do on this page, on the sheet', async () => {
  const page = await openPage('/runs')
  await loaded(page, 'Runs')
  await press(page, '?')
  const shortcuts = (where: string) => sheet(page).getByRole('region', { name: `Shortcuts: ${where}`, exact: true })
  await shortcuts('Anywhere').getByText('Find and do anything').waitFor()
  await shortcuts('Runs').getByText('Next run').waitFor()
  expect(await shortcuts('Go to').getByRole('term').allTextContents()).toContain('Failures')
  await press(page, 'Escape')
  await press(page, 'g f')
  await loaded(page, 'Failures')
  await press(page, '?')
  await shortcuts('Anywhere').waitFor()
  expect(await shortcuts('Runs').count()).toBe(0)
})

it('goes to each page by g and a letter', async () => {
  const page = await openPage('/runs')
  await loaded(page, 'Runs')
  const pages = [
    ['f', 'Failures'],
    ['t', 'Traces'],
    ['s', 'Sessions'],
    ['u', 'Users'],
    ['c', 'Cost'],
    ['l', 'Latency'],
    ['e', 'Few-shot sets'],
    ['w', 'Workers'],
    ['h', 'Schedules'],
    [',', 'Settings'],
    ['o', 'Overview'],
    ['r', 'Runs'],
  ] as const
  for (const [letter, name] of pages) {
    await press(page, 'g', letter)
    await loaded(page, name)
  }
})

it('leaves keys alone where text is typed, and in dialogs', async () => {
  const page = await openPage('/sessions')
  await loaded(page, 'Sessions')
  const field = page.getByRole('searchbox', { name: 'Search sessions' })
  await press(page, '/')
  await expect.poll(() => hasFocus(field)).toBe(true)
  await page.keyboard.type('g r?/')
  expect(await field.inputValue()).toBe('g r?/')
  expect(await sheet(page).count()).toBe(0)
  // Keys with Ctrl act there too.
  await press(page, 'Control+k')
  await palette(page).waitFor()
  await page.keyboard.type('g r?')
  expect(await palette(page).getByRole('combobox').inputValue()).toBe('g r?')
  await press(page, 'Escape')
  await palette(page).waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(field)).toBe(true)
  await page.getByRole('heading', { level: 1 }).click()
  await press(page, '?')
  await sheet(page).waitFor()
  await press(page, 'g r')
  await sheet(page).waitFor()
  expect(new URL(page.url()).pathname).toBe('/sessions')
})

it('says that nothing was found', async () => {
  const page = await openPage('/')
  await loaded(page, 'Overview')
  await find(page, `nothing-${randomUUID()}`)
  await palette(page).getByText('Nothing found.').waitFor()
})

forThemes('palette and sheet are accessible', async (theme) => {
  const page = await openPage('/runs', { theme })
  await loaded(page, 'Runs')
  await press(page, 'Control+k')
  await palette(page).getByRole('group', { name: 'Runs' }).waitFor()
  await expectAccessible(page)
  await page.keyboard.type('research')
  await palette(page).getByRole('group', { name: 'Failures' }).waitFor()
  await expectAccessible(page)
  await press(page, 'Escape')
  await palette(page).waitFor({ state: 'detached' })
  await press(page, '?')
  await sheet(page).waitFor()
  await expectAccessible(page)
})
