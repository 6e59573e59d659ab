import type { Run, RunPage } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { loaded } from './src/loaded.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()

/** A run of the sample's writer, which its research agent calls. */
async function findCalled(): Promise<{ called: Run; caller: Run }> {
  const { items } = await callApi<RunPage>(system, 'GET', '/api/v1/runs?query=agent:writer')
  const called = await callApi<Run>(system, 'GET', `/api/v1/runs/${items[0]?.id}`)
  return { called, caller: await callApi<Run>(system, 'GET', `/api/v1/runs/${called.parentRunId}`) }
}

const spansShown = async (page: Page): Promise<number> =>
  Number(
    /^([\d,]+) spans?/.exec(
      (await page
        .getByRole('status')
        .filter({ hasText: /^[\d,]+ spans?/ })
        .textContent()) ?? '',
    )?.[1],
  )

it('finds runs of sub-agents where they are asked for, each with a way to the one that called it', async () => {
  const page = await openPage('/runs?query=agent:writer')
  await page.getByText('No run matches').waitFor()
  await tabTo(page, page.getByRole('button', { name: /^Show (it|them)$/ }))
  await press(page, 'Enter')
  await page.waitForURL(/subs=true/)
  const mark = page.getByRole('link', { name: 'sub-agent' }).first()
  await mark.waitFor()
  await page.getByRole('checkbox', { name: 'Runs of sub-agents too', checked: true }).waitFor()
  await expectAccessible(page)
  await tabTo(page, mark)
  await press(page, 'Enter')
  await page.getByRole('heading', { level: 1, name: /^research/ }).waitFor()
  await page.goBack()
  await page.getByRole('checkbox', { name: 'Runs of sub-agents too', checked: true }).waitFor()
})

it('finds a sub-agent’s run in the palette by its id', async () => {
  const { called } = await findCalled()
  const page = await openPage('/')
  await loaded(page, 'Overview')
  await press(page, 'Control+k')
  await page.getByRole('dialog').getByRole('combobox').waitFor()
  await page.keyboard.type(called.id)
  await page
    .getByRole('option', { name: /writer/ })
    .first()
    .waitFor()
})

it('shows of the trace what the sub-agent did, and all of it on demand', async () => {
  const { called, caller } = await findCalled()
  const page = await openPage(`/runs/${called.id}`)
  await page.getByTestId('waterfall-row').first().waitFor()
  await expect.poll(() => spansShown(page)).toBeGreaterThan(0)
  const own = await spansShown(page)
  expect(await page.getByTestId('waterfall-row').first().textContent()).toContain('writer')
  const whole = page.getByRole('checkbox', { name: /^The whole trace/ })
  await tabTo(page, whole)
  await press(page, 'Space')
  await page.waitForURL(/whole=true/)
  await expect.poll(() => spansShown(page)).toBeGreaterThan(own)
  const all = await spansShown(page)
  await page.goto(`/runs/${caller.id}`)
  await expect.poll(() => spansShown(page)).toBe(all)
  expect(await page.getByRole('checkbox', { name: /^The whole trace/ }).count()).toBe(0)
})
