import { readFile } from 'node:fs/promises'
import { Cairn } from '@cairn/sdk'
import type { Run, RunPage } from '@cairn/sdk/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callApi } from './src/api.ts'
import { launchBrowser, signIn } from './src/browser.ts'
import { type System, startSystem } from './src/system.ts'
import { waitFor } from './src/wait-for.ts'

let system: System
let browser: Browser
let page: Page
beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem({ sample: true }), launchBrowser()])
  await waitFor('the sample', async () => system.output().includes('A sample run died'), { timeoutMs: 120_000 })
  page = await signIn(browser, system)
}, 400_000)
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

const open = (name: string) => page.getByRole('link', { name, exact: true }).first().click()

describe('what a newcomer finds after npm start', () => {
  it('is told the address, how to sign in, and the key, which also lies in a file', async () => {
    expect(system.output()).toContain(system.email)
    expect(system.output()).toContain(system.key)
    expect((await readFile(`${system.dataDir}/project-key`, 'utf8')).trim()).toBe(system.key)
  })

  it('sees runs that succeeded, runs that failed of several kinds, and one that waits for Resume', async () => {
    const { items } = await callApi<RunPage>(system, 'GET', '/api/v1/runs?limit=200')
    expect(items.length).toBeGreaterThan(30)
    const types = new Set(items.filter((run) => run.status === 'failed').map((run) => run.error?.type))
    expect(types.size).toBeGreaterThanOrEqual(3)
    expect(items.filter((run) => run.status === 'crashed')).toMatchObject([{ agent: 'research', steps: { done: 11, total: 15 } }])
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.getByText('RateLimitError').first().waitFor()
  })
})

describe('the five uses', () => {
  it('1, instrument: a program of a few lines is on the page', async () => {
    const cairn = new Cairn({ url: system.url, apiKey: system.key })
    const greeter = cairn.agent({ name: 'greeter', version: '1' }, async (run, name: string) => run.step('compose', () => `Hello, ${name}`))
    const worker = await cairn.serve([greeter], { handleSignals: false })
    const handle = await greeter.start('Ada')
    expect(await handle.result()).toBe('Hello, Ada')
    await open('Runs')
    await page.getByRole('link', { name: 'greeter' }).first().click()
    await page.getByRole('treeitem', { name: /^compose/ }).click()
    await page.getByRole('complementary', { name: 'Span' }).getByText('Hello, Ada').waitFor()
    await worker.stop()
    await cairn.close()
  })

  it('2, see failed runs: from the overview to the step, its input and its exception', async () => {
    await open('Overview')
    await page.getByRole('link', { name: /CustomerNotFoundError/ }).click()
    await page.getByRole('link', { name: /Newest/ }).click()
    await page.getByText(/in lookup-customer/).waitFor()
    await page.getByRole('tree', { name: 'Spans' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('e')
    await page.keyboard.press('e')
    await page.keyboard.press('Enter')
    const exception = page.getByRole('region', { name: 'Exception' })
    await exception.getByText('CustomerNotFoundError', { exact: true }).waitFor()
    await exception
      .getByText(/is not in the directory/)
      .first()
      .waitFor()
  })

  it('3, resume: the run that died at step 12 of 15 finishes in the same trace', async () => {
    await page.goto(`${system.webUrl}/runs?status=crashed`)
    await page.getByRole('link', { name: 'research' }).click()
    await page.getByText('step 12 of 15').waitFor()
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Resume run' })
    await dialog.getByText('11 steps', { exact: true }).waitFor()
    await dialog.getByLabel(/Reason/).fill('the disk was full')
    await page.keyboard.press('Enter')
    await page.getByText('succeeded', { exact: true }).first().waitFor({ timeout: 30_000 })
    await page.getByText('Saved by resume').waitFor()
    await page
      .getByRole('list', { name: 'Executions' })
      .getByText(/crashed .* resumed .* later/)
      .waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: 'Details' }).click()
    await page.getByText(/the disk was full/).waitFor()
  })

  it('4, spend less: cost by model on the page and as a file, with the same figures', async () => {
    await open('Cost')
    const row = page.getByRole('row', { name: /^gpt-4o-mini-2024-07-18/ })
    const shown = await row.getByRole('cell').nth(1).textContent()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSV' }).click()
    const csv = await readFile(await (await download).path(), 'utf8')
    const line = csv.split('\n').find((text) => text.startsWith('gpt-4o-mini-2024-07-18'))
    const header = csv.split('\n')[0]?.split(',') ?? []
    const cost = line?.split(',')[header.indexOf('cost')]
    expect(`$${Number(cost).toFixed(4)}`).toBe(shown)
    await page.getByLabel('Group by').selectOption('agent')
    await page.getByRole('row', { name: /^research/ }).waitFor()
    await open('Latency')
    await page.getByRole('columnheader', { name: 'p95', exact: true }).waitFor()
    await page.getByRole('row', { name: /^research/ }).waitFor()
  })

  it('5, learn: a promoted run is what the agent gets as an example', async () => {
    await page.goto(`${system.webUrl}/runs?status=succeeded&agent=invoice-extract`)
    await page.getByRole('link', { name: 'invoice-extract' }).first().click()
    await page.getByRole('button', { name: 'Promote' }).click()
    const dialog = page.getByRole('dialog', { name: 'Promote run' })
    await dialog.getByLabel(/^Set/).fill('good-invoices')
    await dialog.getByLabel(/Note/).fill('clean lines')
    await dialog.getByRole('button', { name: 'Promote run' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const runId = new URL(page.url()).pathname.split('/').at(-1)
    await open('Few-shot')
    await page.getByRole('link', { name: 'good-invoices' }).click()
    await page.getByText('clean lines').waitFor()
    const promoted = await callApi<Run>(system, 'GET', `/api/v1/runs/${runId}`)

    const cairn = new Cairn({ url: system.url, apiKey: system.key })
    const reader = cairn.agent({ name: 'reader' }, async (run) =>
      run.step('ask', async () => (await run.fewShot('good-invoices', { limit: 1 }))[0]),
    )
    expect(await reader.run(undefined)).toMatchObject({ runId, input: promoted.input, output: promoted.output })
    await cairn.close()
  })
})
