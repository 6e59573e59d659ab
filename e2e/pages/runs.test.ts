import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Run } from '@cairn/sdk/protocol'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { waitFor } from '../src/wait-for.ts'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'

const { system, openPage } = usePages()

const startRun = (agent: string, more: object = {}) => callApi<Run>(system, 'POST', '/api/v1/runs', { agent, ...more })
const rows = (page: Awaited<ReturnType<typeof openPage>>) => page.getByRole('table', { name: 'Runs' }).getByRole('row')

it('finds by a query that completion helps to write, by keyboard only', async () => {
  const page = await openPage('/runs')
  await rows(page).nth(1).waitFor()
  await press(page, '/')
  // Of the sample's agent: other tests may have left crashed runs of theirs.
  await page.keyboard.type('agent:research stat')
  await page.getByRole('option', { name: /^status:/ }).waitFor()
  await press(page, 'Tab')
  await page.keyboard.type('cra')
  await page.getByRole('option', { name: /^crashed/ }).waitFor()
  await press(page, 'ArrowDown', 'Enter', 'Enter')
  await page.waitForURL(/query=agent:research(\+|%20)status:crashed/)
  await page.getByText('1 run', { exact: true }).waitFor()
  // The head, and the one that died at step 12.
  await expect.poll(() => rows(page).count()).toBe(2)
  await press(page, 'Escape', 'j')
  await page.waitForURL(/row=/)
  await press(page, 'Enter')
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
  await page.goBack()
  await page.waitForURL(/query=agent:research(\+|%20)status:crashed/)
})

it('says where a query is wrong and what to write', async () => {
  const page = await openPage('/runs')
  await rows(page).nth(1).waitFor()
  await press(page, '/')
  await page.keyboard.type('agent:a cst:>1 ')
  await press(page, 'Enter')
  const alert = page.getByRole('alert').filter({ hasText: 'is no field' })
  await alert.waitFor()
  expect(await alert.textContent()).toContain('Character 9')
  expect(await alert.textContent()).toContain('did you mean `cost:`')
  expect(await page.getByRole('combobox', { name: 'Query' }).getAttribute('aria-invalid')).toBe('true')
})

it('lists nothing under a query that can’t be read, so that nothing is done with all there is', async () => {
  const page = await openPage('/runs?query=status%3Afoo')
  await page.getByText('The query can’t be read').waitFor()
  expect(await rows(page).count()).toBe(0)
  expect(await page.getByRole('checkbox', { name: /^Select/ }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Export' }).isDisabled()).toBe(true)
  await tabTo(page, page.getByRole('button', { name: 'Remove all filters' }))
  await press(page, 'Enter')
  await rows(page).nth(1).waitFor()
  expect(await page.getByRole('button', { name: 'Export' }).isEnabled()).toBe(true)
})

it('folds old links into the query, and a click on a facet adds to it', async () => {
  const page = await openPage('/runs?status=failed,crashed&userId=ada')
  await page.waitForURL(/query=status:failed,crashed(\+|%20)user:ada/)
  const filters = page.getByRole('complementary', { name: 'Filters' })
  await filters.getByRole('button', { name: /^failed/, pressed: true }).waitFor()
  await filters.getByRole('button', { name: /^failed/ }).click()
  await page.waitForURL(/query=status:crashed(\+|%20)user:ada/)
})

it('cancels runs by keyboard, takes it back in time, and shows how far it is', async () => {
  const agent = `idle-${randomUUID().slice(0, 8)}`
  const [one, two] = [await startRun(agent), await startRun(agent)]
  const page = await openPage(`/runs?query=agent:${agent}`)
  await page.getByRole('link', { name: agent }).nth(1).waitFor()
  await press(page, 'j', 'x', 'j', 'X')
  await page.getByText('2 selected').waitFor()
  const bar = page.getByRole('region', { name: 'Selection' })
  expect(await bar.getByRole('link', { name: 'Compare' }).getAttribute('href')).toMatch(/^\/compare\?a=.*&b=/)
  const cancel = async () => {
    await tabTo(page, bar.getByRole('button', { name: 'Cancel', exact: true }))
    await press(page, 'Enter')
    await page.getByRole('dialog', { name: 'Cancel 2 runs' }).waitFor()
    await page.getByLabel(/Reason/).fill('not needed')
    await press(page, 'Enter')
  }
  await cancel()
  const undo = page.getByRole('button', { name: 'Undo' })
  await undo.click()
  await page.getByText('Stopped').waitFor()
  expect((await callApi<Run>(system, 'GET', `/api/v1/runs/${one.id}`)).status).toBe('queued')
  await page.getByRole('button', { name: 'Hide' }).click()
  // The keys rest on the second row.
  await press(page, 'k', 'x', 'j', 'x')
  await page.getByText('2 selected').waitFor()
  await cancel()
  await page.getByText('2 done, 0 skipped, 0 failed, of 2').waitFor({ timeout: 30_000 })
  for (const { id } of [one, two]) {
    const run = await callApi<Run>(system, 'GET', `/api/v1/runs/${id}`)
    expect([run.status, run.statusReason]).toEqual(['cancelled', 'not needed'])
  }
})

it('keeps rows in place while some are selected: new ones wait', async () => {
  const agent = `live-${randomUUID().slice(0, 8)}`
  await startRun(agent)
  const page = await openPage(`/runs?query=agent:${agent}`)
  await page.getByRole('link', { name: agent }).waitFor()
  await startRun(agent)
  await expect.poll(() => page.getByRole('link', { name: agent }).count(), { timeout: 10_000 }).toBe(2)
  await press(page, 'j', 'x')
  const { id } = await startRun(agent)
  await page.getByRole('button', { name: '1 new run' }).waitFor()
  expect(await page.getByRole('link', { name: agent }).count()).toBe(2)
  // What is in place is as it is now.
  const [first] = await page.getByRole('link', { name: agent }).all()
  expect(await first?.getAttribute('href')).not.toContain(id)
  await page.getByRole('button', { name: '1 new run' }).click()
  await expect.poll(() => page.getByRole('link', { name: agent }).count()).toBe(3)
})

it('keeps a query as a view, opens it, and brings a deleted one back', async () => {
  const name = `view ${randomUUID().slice(0, 8)}`
  const page = await openPage('/runs?query=status:crashed&sort=cost')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByLabel('Name of the view').fill(name)
  await press(page, 'Enter')
  await page.getByRole('button', { name: `Rename ${name}` }).waitFor()
  await page.goto('/runs')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await page.waitForURL(/query=status:crashed.*sort=cost|sort=cost.*query=status:crashed/)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('button', { name: `Delete ${name}` }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: `Delete ${name}` }).waitFor()
})

it('renames a view in its place, by keyboard', async () => {
  const [name, taken] = [`view ${randomUUID().slice(0, 8)}`, `view ${randomUUID().slice(0, 8)}`]
  const page = await openPage('/runs?query=status:failed', { expectedErrors: [/409/] })
  await rows(page).nth(1).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Views' }))
  await press(page, 'Enter')
  const views = page.getByRole('dialog', { name: 'Saved views' })
  for (const one of [name, taken]) {
    await tabTo(page, views.getByLabel('Name of the view'))
    await page.keyboard.type(one)
    await press(page, 'Enter')
    await views.getByRole('button', { name: `Rename ${one}` }).waitFor()
  }
  const rename = views.getByRole('button', { name: `Rename ${name}` })
  const field = views.getByLabel(`New name of ${name}`)
  await tabTo(page, rename)
  await press(page, 'Enter')
  await expect.poll(() => hasFocus(field)).toBe(true)
  await page.keyboard.type('thought better of')
  await press(page, 'Escape')
  // The renaming ends; the list stays.
  await expect.poll(() => hasFocus(rename)).toBe(true)
  await press(page, 'Enter')
  expect(await field.inputValue()).toBe(name)
  await page.keyboard.type(taken)
  await press(page, 'Enter')
  await views.getByRole('alert').filter({ hasText: 'Choose another name' }).waitFor()
  expect(await field.inputValue()).toBe(taken)
  await expectAccessible(page)
  await press(page, 'Control+a')
  await page.keyboard.type(`${name} again`)
  await press(page, 'Enter')
  await expect.poll(() => hasFocus(views.getByRole('button', { name: `Rename ${name} again` }))).toBe(true)
  await press(page, 'Escape')
  await views.waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(page.getByRole('button', { name: 'Views' }))).toBe(true)
})

it('exports what is filtered', async () => {
  const agent = `export-${randomUUID().slice(0, 8)}`
  const { id } = await startRun(agent, { input: { question: 'why' } })
  const page = await openPage(`/runs?query=agent:${agent}`)
  await page.getByRole('link', { name: agent }).waitFor()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'JSON lines' }).click()
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ id, input: { question: 'why' } }])
})

it('shows hostile text as text', async () => {
  const agent = `<img src=x onerror=alert(1)>\u202e${randomUUID().slice(0, 8)}`
  await startRun(agent, { userId: '"><script>alert(2)</script>' })
  const page = await openPage(`/runs?${new URLSearchParams({ query: `agent:"${agent}"` })}`)
  await page.getByRole('link', { name: agent }).waitFor()
  await waitFor('the facet', async () => (await page.getByText('"><script>alert(2)</script>').count()) > 0)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
})

forThemes('is accessible, full, empty and with the query open', async (theme) => {
  const page = await openPage('/runs', { theme })
  await rows(page).nth(1).waitFor()
  await page
    .getByRole('complementary', { name: 'Filters' })
    .getByRole('button', { name: /^failed/ })
    .waitFor()
  await expectAccessible(page)
  await press(page, '/')
  await page.getByRole('listbox').waitFor()
  await expectAccessible(page)
  await page.goto('/runs?query=agent:nobody')
  await page.getByText('No run matches').waitFor()
  await expectAccessible(page)
  await page.goto('/runs?query=cst:1')
  await page
    .getByText(/is no field/)
    .first()
    .waitFor()
  await expectAccessible(page)
})
