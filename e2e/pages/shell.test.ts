import { expect, it } from 'vitest'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'
import { sendTrace } from './src/spans.ts'

const { system, openPage } = usePages()

it('signs in by keyboard, and goes where the address said', async () => {
  const page = await openPage('/runs?status=crashed', { signedIn: false, expectedErrors: [/401/] })
  await page.waitForURL(/\/sign-in/)
  await tabTo(page, page.getByLabel('Email'))
  await page.keyboard.type(system.email)
  await press(page, 'Tab')
  await page.keyboard.type('not the password')
  await press(page, 'Enter')
  await page
    .getByRole('alert')
    .filter({ hasText: /password/i })
    .waitFor()
  await tabTo(page, page.getByLabel('Password'), 'Shift+Tab')
  await press(page, 'Control+a')
  await page.keyboard.type(system.password)
  await press(page, 'Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.getByRole('link', { name: 'Runs', exact: true }).waitFor()
})

it('skips the navigation by the first press of Tab', async () => {
  const page = await openPage('/runs')
  await page.getByRole('heading', { name: 'Runs' }).waitFor()
  await press(page, 'Tab')
  expect(await hasFocus(page.getByRole('link', { name: 'Skip to content' }))).toBe(true)
  await press(page, 'Enter')
  await page.waitForURL(/#content$/)
})

forThemes('sign-in is accessible', async (theme) => {
  const page = await openPage('/sign-in', { theme, signedIn: false })
  await page.getByLabel('Email').waitFor()
  await expectAccessible(page)
})

forThemes('the overview in its shell is accessible', async (theme) => {
  const page = await openPage('/', { theme })
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectAccessible(page)
})

it('shows a trace of a program that knows only OpenTelemetry', async () => {
  const traceId = await sendTrace(system, [
    { name: 'nightly import', startMs: 0, endMs: 800 },
    { name: 'read rows', startMs: 10, endMs: 700, error: { type: 'ReadError', message: 'no rows' } },
  ])
  const page = await openPage(`/traces/${traceId}`)
  await page.getByText('nightly import').first().waitFor()
  await page.getByText('read rows').first().waitFor()
})
