import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { press, tabTo } from './src/keyboard.ts'
import { usePages } from './src/pages.ts'
import { newSpanId } from './src/spans.ts'
import { expectAddress } from './src/waterfall.ts'

const { system, openPage } = usePages()

let run = ''
beforeAll(async () => {
  const { id } = await callApi<{ id: string }>(system, 'POST', '/api/v1/runs', {
    agent: 'linked',
    claim: { workerId: `linked-${newSpanId()}`, version: '1' },
  })
  await callApi(system, 'POST', '/api/v1/checkpoints', {
    checkpoints: ['plan', 'look up, twice'].map((key) => ({ runId: id, execution: 1, key, output: `what ${key} gave`, statePatch: [] })),
  })
  await callApi(system, 'POST', `/api/v1/runs/${id}/outcome`, { execution: 1, status: 'succeeded', output: 'done' })
  run = `/runs/${id}`
})

const choose = async (page: Page, name: string, keys: readonly string[]) => {
  await tabTo(page, page.getByRole('combobox', { name }))
  await press(page, ...keys)
}

it('leads through the sign-in to where the link led', async () => {
  const page = await openPage(`${run}?view=steps&sort=step`, { signedIn: false })
  await page.waitForURL(/\/sign-in\?next=/)
  await tabTo(page, page.getByLabel('Email'))
  await page.keyboard.type(system.email)
  await press(page, 'Tab')
  await page.keyboard.type(system.password)
  await press(page, 'Enter')
  await page.waitForURL((url) => url.pathname === run && url.search === '?view=steps&sort=step')
  await page.getByRole('region', { name: 'Steps' }).getByText('look up, twice').waitFor()
})

it('has the steps that are open in the address', async () => {
  const page = await openPage(`${run}?view=steps`)
  const steps = page.getByRole('region', { name: 'Steps' })
  await tabTo(page, steps)
  await press(page, 'Enter', 'ArrowDown', 'Enter')
  await steps.getByText('what plan gave').waitFor()
  await steps.getByText('what look up, twice gave').waitFor()
  await expectAddress(page, 'open', /plan.*twice/)
  await page.reload()
  await steps.getByText('what plan gave').waitFor()
  await steps.getByText('what look up, twice gave').waitFor()
})

it.each(['/cost', '/latency'])('%s has its range and dimension in the address, and Back gives those before', async (path) => {
  const page = await openPage(path)
  await page.getByRole('table').waitFor()
  await choose(page, 'Range of time', ['ArrowUp'])
  await expectAddress(page, 'hours', '168')
  await choose(page, 'Range of time', ['ArrowUp'])
  await expectAddress(page, 'hours', '24')
  await page.reload()
  await expect.poll(() => page.getByRole('combobox', { name: 'Range of time' }).inputValue()).toBe('24')
  await page.goBack()
  await expectAddress(page, 'hours', '168')
  await expect.poll(() => page.getByRole('combobox', { name: 'Range of time' }).inputValue()).toBe('168')
})

it('goes back over the views of a run', async () => {
  // A run of no span has no transcript.
  const page = await openPage(run, { expectedErrors: [/404/] })
  const tab = (name: string | RegExp) => page.getByRole('tab', { name })
  await tabTo(page, tab('Waterfall'))
  await press(page, 'ArrowRight')
  await expectAddress(page, 'view', 'transcript')
  await press(page, 'ArrowRight')
  await expectAddress(page, 'view', 'steps')
  await page.goBack()
  await expect.poll(() => tab('Transcript').getAttribute('aria-selected')).toBe('true')
  await page.goBack()
  await expect.poll(() => tab('Waterfall').getAttribute('aria-selected')).toBe('true')
})

it('says within the page that nothing is at an address, and leads on', async () => {
  const page = await openPage('/nowhere/at/all', { expectedErrors: [/404/] })
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor()
  await tabTo(page, page.getByRole('link', { name: 'the runs' }))
  await press(page, 'Enter')
  await page.waitForURL(/\/runs$/)
})
