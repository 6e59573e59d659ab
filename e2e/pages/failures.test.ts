import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { waitFor } from '../src/wait-for.ts'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'
import { newSpanId, sendTrace } from './src/spans.ts'

const { system, openPage } = usePages()

interface Listed {
  readonly items: { readonly group: string; readonly errorType: string; readonly state: string }[]
}

/** A failure of a program that knows only OpenTelemetry, of a type of its own. Gives its group. */
async function failOnce(type: string, message = 'no route to 10.0.0.17'): Promise<string> {
  const root = newSpanId()
  await sendTrace(system, [
    { name: 'answer', spanId: root, startMs: 0, endMs: 300, error: { type: 'HttpError', message: '500' } },
    { name: 'ask model', parentSpanId: root, startMs: 10, endMs: 200, error: { type, message } },
  ])
  let group: string | undefined
  await waitFor('the group', async () => {
    const { items } = await callApi<Listed>(system, 'GET', `/api/v1/failures?q=${type}`)
    group = items[0]?.group
    return group !== undefined
  })
  return group ?? ''
}
const stateOf = async (type: string) => (await callApi<Listed>(system, 'GET', `/api/v1/failures?q=${type}`)).items[0]?.state

it('decides by keyboard: j, r and u', async () => {
  await failOnce('ByKeyError')
  const page = await openPage('/failures?q=ByKeyError')
  await page.getByRole('link', { name: 'ByKeyError' }).waitFor()
  await press(page, 'j')
  await page.waitForURL(/at=/)
  await press(page, 'r')
  await page.getByText('Nothing is open', { exact: false }).or(page.getByText('No group matches')).first().waitFor()
  expect(await stateOf('ByKeyError')).toBe('resolved')
  await press(page, 'u')
  await page.getByRole('link', { name: 'ByKeyError' }).waitFor()
  expect(await stateOf('ByKeyError')).toBe('open')
  await press(page, 'j', 'Enter')
  await page.waitForURL(/\/failures\/[0-9a-f]{16}/)
  await page.getByRole('heading', { name: 'Why these are one group' }).waitFor()
})

it('shows what it was grouped by, and that a trace has nothing to resume', async () => {
  const page = await openPage(`/failures/${await failOnce('ExplainedError')}`)
  await page.getByText('belong to no run').waitFor()
  expect((await page.locator('mark').allTextContents()).join('')).toBe('10.0.0.17')
  await page.getByRole('link', { name: /Newest/ }).click()
  await page.waitForURL(/\/traces\/[0-9a-f]{32}\?span=[0-9a-f]{16}/)
})

it('resolves in a version from the group, by keyboard, and takes it back from the toast', async () => {
  const group = await failOnce('DialogError')
  const page = await openPage(`/failures/${group}`)
  await page.getByRole('button', { name: /^Resolve/ }).waitFor()
  await press(page, 'r')
  await page.getByLabel('Fixed in version').waitFor()
  await tabTo(page, page.getByLabel('Fixed in version'))
  await page.keyboard.type('2')
  await press(page, 'Enter')
  await page.getByText('resolved it in version 2').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('opened it').waitFor()
  expect(await stateOf('DialogError')).toBe('open')
})

it('asks first what a dialog is about: Enter at once does it', async () => {
  const group = await failOnce('EnterError')
  const page = await openPage(`/failures/${group}`)
  await page.getByRole('button', { name: /^Mute/ }).waitFor()
  await press(page, 'm')
  await expect.poll(() => hasFocus(page.getByRole('radio', { name: 'for a week' }))).toBe(true)
  await press(page, 'Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await press(page, 'r')
  await expect.poll(() => hasFocus(page.getByLabel('Fixed in version'))).toBe(true)
  await press(page, 'Enter')
  await page.getByText('resolved it', { exact: false }).first().waitFor()
  expect(await stateOf('EnterError')).toBe('resolved')
})

it('merges and takes apart again', async () => {
  const one = await failOnce('MergeOneError')
  await failOnce('MergeTwoError')
  const page = await openPage(`/failures/${one}`)
  await page.getByRole('button', { name: 'Merge …' }).click()
  await page.getByLabel('Search groups to merge').fill('MergeTwoError')
  await page.getByRole('checkbox', { name: /MergeTwoError/ }).check()
  await page.getByRole('button', { name: 'Merge 1' }).click()
  await page.getByRole('heading', { name: 'Merged into it' }).waitFor()
  await page.getByRole('button', { name: 'Take MergeTwoError out' }).click()
  await page.getByRole('heading', { name: 'Merged into it' }).waitFor({ state: 'detached' })
})

it('tries other rules on what is there, and refuses what is no expression', async () => {
  const page = await openPage('/failures?rules=true', { expectedErrors: [/400/] })
  await page.getByRole('button', { name: 'Expression', exact: true }).click()
  await page.getByLabel('Expression 1', { exact: true }).fill('(')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('alert').filter({ hasText: 'RE2' }).waitFor()
  await page.getByLabel('Expression 1', { exact: true }).fill('customer .*')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('status').filter({ hasText: 'groups of the last 30 days' }).waitFor()
})

it('is at most four clicks from the overview to the span that failed', async () => {
  const page = await openPage('/')
  const first = page
    .locator('section', { has: page.getByRole('heading', { name: 'What failed most' }) })
    .getByRole('link')
    .first()
  await first.click()
  await page.waitForURL(/\/failures\//)
  await page.getByRole('link', { name: /Newest/ }).click()
  await page.waitForURL(/\/runs\/.*\?span=/)
})

it('resumes a group with its progress in the address', async () => {
  const { items } = await callApi<{ items: { group: string; runs: number; errorType: string }[] }>(
    system,
    'GET',
    '/api/v1/failures?sort=count',
  )
  const group = items.find(({ runs }) => runs > 0)
  const page = await openPage(`/failures/${group?.group}`)
  await page.getByLabel('Runs a second').selectOption('0.1')
  await page.getByLabel('Reason').fill('the provider is back')
  await page.getByRole('button', { name: /^Resume \d/ }).click()
  await page.waitForURL(/resume=/)
  await page.reload()
  await page
    .getByRole('status')
    .filter({ hasText: /of \d+ resumed/ })
    .waitFor()
  const stop = page.getByRole('button', { name: 'Stop', exact: true })
  if (await stop.isVisible()) await stop.click()
  await page
    .getByRole('status')
    .filter({ hasText: /stopped|done/ })
    .waitFor()
})

forThemes('failures and a group are accessible', async (theme) => {
  const page = await openPage('/failures', { theme })
  await page.getByRole('link').filter({ hasText: 'Error' }).first().waitFor()
  await expectAccessible(page)
  const { items } = await callApi<Listed>(system, 'GET', '/api/v1/failures?sort=count')
  await page.goto(`/failures/${items[0]?.group}`)
  await page.getByRole('heading', { name: 'History' }).waitFor()
  await page
    .getByText(/Proof|nothing to compare|tells them apart/)
    .first()
    .waitFor()
  await expectAccessible(page)
})
