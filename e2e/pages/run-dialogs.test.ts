import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run } from '@cairn/sdk/protocol'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { waitFor } from '../src/wait-for.ts'
import { forkWorker, type WorkerProcess } from '../src/worker.ts'
import { expectAccessible } from './src/accessible.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'

const { system, openPage } = usePages()

/** Two agents that write letters: the post is closed to those of one, open to those of the other. */
const CLOSED = `letter-closed-${randomUUID().slice(0, 8)}`
const OPEN = `letter-open-${randomUUID().slice(0, 8)}`
const OFFLINE = { expectedErrors: [/ERR_FAILED/] }
let folder: string
let post: string
let workers: readonly WorkerProcess[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-letters-'))
  post = join(folder, 'post')
  const always = join(folder, 'always')
  writeFileSync(always, '')
  const serve = (agent: string, file: string) => forkWorker(system, 'e2e/src/letter-worker.ts', { AGENT: agent, POST: file })
  workers = await Promise.all([serve(CLOSED, post), serve(OPEN, always)])
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const getRun = (id: string) => callApi<Run>(system, 'GET', `/api/v1/runs/${id}`)

async function startRun(agent: string, until: Run['status'], input: object = {}): Promise<Run> {
  const { id } = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent, input })
  return waitFor(`${agent} ${until}`, async () => {
    const run = await getRun(id)
    return run.status === until && run
  })
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })

/** Opens a dialog by its button, and sees the focus go into it. */
async function ask(page: Page, name: string) {
  await tabTo(page, button(page, name))
  await press(page, 'Enter')
  const dialog = dialogOf(page, `${name} run`)
  await dialog.waitFor()
  await expect.poll(() => dialog.evaluate((element) => element.matches(':focus-within'))).toBe(true)
  return dialog
}

/** The next commands don't reach the server, until the answer is called. */
async function cutOff(page: Page, procedure: string): Promise<() => Promise<void>> {
  const address = `**/api/trpc/${procedure}**`
  await page.route(address, (route) => route.abort())
  return () => page.unroute(address)
}

it('says what a resume brings back, keeps what is typed when it is refused, and goes on', async () => {
  const run = await startRun(CLOSED, 'failed')
  const page = await openPage(`/runs/${run.id}`, OFFLINE)
  await page.getByText('the post office is closed').first().waitFor()
  let dialog = await ask(page, 'Resume')
  await dialog.getByText('1 step', { exact: true }).waitFor()
  await dialog.getByText('send', { exact: true }).waitFor()
  await dialog.getByText('One live worker serves').waitFor()
  await press(page, 'Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(button(page, 'Resume'))).toBe(true)

  writeFileSync(post, '')
  dialog = await ask(page, 'Resume')
  const connect = await cutOff(page, 'runs.resume')
  const reason = dialog.getByLabel(/^Reason/)
  await tabTo(page, reason)
  await page.keyboard.type('the post is open again')
  await press(page, 'Enter')
  await dialog.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor()
  expect(await reason.inputValue()).toBe('the post is open again')
  expect(await hasFocus(reason)).toBe(true)
  await connect()
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('succeeded', { exact: true }).first().waitFor()
  // The button that asked has gone with the status: the keyboard goes on from the run's heading.
  await expect.poll(() => hasFocus(page.getByRole('heading', { level: 1 }))).toBe(true)
  const resumed = await getRun(run.id)
  expect(resumed).toMatchObject({ status: 'succeeded', execution: 2, output: { sent: '2 pages to ada' } })
  expect(resumed.executions[1]).toMatchObject({ actor: system.email, reason: 'the post is open again', replayedSteps: 1 })
  rmSync(post)
})

it('forks from a step with another state', async () => {
  const run = await startRun(OPEN, 'succeeded')
  const page = await openPage(`/runs/${run.id}`, OFFLINE)
  const dialog = await ask(page, 'Fork')
  await tabTo(page, dialog.getByLabel('From step'))
  await page.keyboard.type('send')
  await dialog.getByText(/^Shares 1 step/).waitFor()
  const change = dialog.getByLabel('Change the state')
  await expect.poll(() => change.isEnabled()).toBe(true)
  await tabTo(page, change)
  await press(page, 'Space')
  const state = dialog.getByLabel('The state, as JSON')
  await tabTo(page, state)
  await press(page, 'Control+a')
  await page.keyboard.type('{"to": grace}')
  await dialog.getByText('That is not JSON').waitFor()
  const fork = dialog.getByRole('button', { name: 'Fork run' })
  expect(await fork.isDisabled()).toBe(true)
  await press(page, 'Control+a')
  await page.keyboard.type('{"to": "grace"}')
  const connect = await cutOff(page, 'runs.fork')
  await tabTo(page, fork)
  await press(page, 'Enter')
  await dialog.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor()
  expect(await state.inputValue()).toBe('{"to": "grace"}')
  await connect()
  await tabTo(page, fork)
  await press(page, 'Enter')
  await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(run.id))
  await page.getByText('Forked from').waitFor()
  await page.getByText('succeeded', { exact: true }).first().waitFor()
  const forked = await getRun(new URL(page.url()).pathname.slice('/runs/'.length))
  expect(forked).toMatchObject({ output: { sent: '2 pages to grace' }, forkedFrom: { runId: run.id, step: 'send' } })
  expect((await getRun(run.id)).output).toMatchObject({ sent: '2 pages to ada' })
  // Back leads to the run, not to the question.
  await page.goBack()
  await page.waitForURL(new RegExp(`/runs/${run.id}$`))
  expect(await dialogOf(page, 'Fork run').count()).toBe(0)
})

it('asks before it cancels, and says why it can’t', async () => {
  const agent = `letter-unserved-${randomUUID().slice(0, 8)}`
  const { id } = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent })
  const page = await openPage(`/runs/${id}`, OFFLINE)
  let dialog = await ask(page, 'Cancel')
  // Enter at once does no harm.
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(button(page, 'Cancel'))).toBe(true)
  expect((await getRun(id)).status).toBe('queued')
  dialog = await ask(page, 'Cancel')
  const connect = await cutOff(page, 'runs.cancel')
  await tabTo(page, dialog.getByRole('button', { name: 'Cancel run' }))
  await press(page, 'Enter')
  await dialog.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor()
  await connect()
  await tabTo(page, dialog.getByRole('button', { name: 'Cancel run' }))
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('cancelled', { exact: true }).first().waitFor()
  expect((await getRun(id)).status).toBe('cancelled')
  await expect.poll(() => hasFocus(page.getByRole('heading', { level: 1 }))).toBe(true)
})

it('pauses a run that waits, and lets it go on', async () => {
  const { id } = await startRun(OPEN, 'waiting', { approve: true })
  const page = await openPage(`/runs/${id}`)
  await tabTo(page, button(page, 'Pause'))
  await press(page, 'Enter')
  await page.getByText('paused', { exact: true }).first().waitFor()
  await expect.poll(() => hasFocus(page.getByRole('heading', { level: 1 }))).toBe(true)
  const dialog = await ask(page, 'Resume')
  const resume = dialog.getByRole('button', { name: 'Resume run' })
  await expect.poll(() => resume.isEnabled()).toBe(true)
  await tabTo(page, resume)
  await press(page, 'Enter')
  await page.getByText('waiting', { exact: true }).first().waitFor()
})

it('sends a run the signal that it waits for', async () => {
  const { id } = await startRun(OPEN, 'waiting', { approve: true })
  const page = await openPage(`/runs/${id}`, OFFLINE)
  const form = page.getByRole('form', { name: 'Signal approval' })
  const payload = form.getByLabel(/^Payload/)
  await tabTo(page, payload)
  await press(page, 'Control+a')
  await page.keyboard.type('yes')
  await form.getByText('A text needs quotes').waitFor()
  await press(page, 'Control+a')
  await page.keyboard.type('{"by": "ada"}')
  const connect = await cutOff(page, 'runs.signal')
  const send = form.getByRole('button', { name: 'Send approval' })
  await tabTo(page, send)
  await press(page, 'Enter')
  await form.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor()
  expect(await payload.inputValue()).toBe('{"by": "ada"}')
  await connect()
  await tabTo(page, send)
  await press(page, 'Enter')
  await page.getByText('succeeded', { exact: true }).first().waitFor()
  await form.waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(page.getByRole('heading', { level: 1 }))).toBe(true)
  expect((await getRun(id)).output).toEqual({ sent: '2 pages to ada', approval: { by: 'ada' } })
})

it('promotes a run to a set, new or old', async () => {
  const set = `letters ${randomUUID().slice(0, 8)}`
  const run = await startRun(OPEN, 'succeeded')
  const page = await openPage(`/runs/${run.id}`, OFFLINE)
  const dialog = await ask(page, 'Promote')
  const name = dialog.getByLabel('Set')
  await tabTo(page, name)
  expect(await name.inputValue()).toBe(`${OPEN}-examples`)
  await press(page, 'Control+a')
  await page.keyboard.type(set)
  await tabTo(page, dialog.getByLabel(/^Note/))
  await page.keyboard.type('short and clear')
  const connect = await cutOff(page, 'runs.promote')
  const promote = dialog.getByRole('button', { name: 'Promote run' })
  await tabTo(page, promote)
  await press(page, 'Enter')
  await dialog.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor()
  expect([await name.inputValue(), await dialog.getByLabel(/^Note/).inputValue()]).toEqual([set, 'short and clear'])
  await connect()
  await tabTo(page, promote)
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => hasFocus(button(page, 'Promote'))).toBe(true)
  const link = page.getByRole('link', { name: set, exact: true })
  await link.waitFor()
  const { examples } = await callApi<{ examples: { runId: string; note: string }[] }>(
    system,
    'GET',
    `/api/v1/few-shot/${encodeURIComponent(set)}`,
  )
  expect(examples).toMatchObject([{ runId: run.id, note: 'short and clear' }])
  await page.goto(`/few-shot/${encodeURIComponent(set)}`)
  await page.getByText('short and clear').first().waitFor()
})

it('opens a dialog from a link; Back closes one that was opened here', async () => {
  const { id } = await startRun(OPEN, 'succeeded')
  const page = await openPage(`/runs/${id}`)
  await ask(page, 'Fork')
  await page.waitForURL(/do=fork/)
  await page.goBack()
  await dialogOf(page, 'Fork run').waitFor({ state: 'detached' })
  expect(new URL(page.url()).pathname).toBe(`/runs/${id}`)
  await page.goto(`/runs/${id}?do=fork`)
  await dialogOf(page, 'Fork run').waitFor()
  await press(page, 'Escape')
  await dialogOf(page, 'Fork run').waitFor({ state: 'detached' })
  await page.waitForURL((url) => url.search === '')
  // By its key, and closed before the address has followed: the page stays.
  await press(page, 'f', 'Escape')
  await dialogOf(page, 'Fork run').waitFor({ state: 'detached' })
  await page.waitForURL((url) => url.search === '')
  expect(new URL(page.url()).pathname).toBe(`/runs/${id}`)
})

forThemes('dialogs are accessible', async (theme) => {
  const failed = await startRun(CLOSED, 'failed')
  const page = await openPage(`/runs/${failed.id}`, { theme })
  const resume = await ask(page, 'Resume')
  await resume.getByText('One live worker serves').waitFor()
  await expectAccessible(page)
  await press(page, 'Escape')
  const fork = await ask(page, 'Fork')
  await tabTo(page, fork.getByLabel('Change the input'))
  await press(page, 'Space')
  await fork.getByLabel('The input, as JSON').waitFor()
  await expectAccessible(page)
  const good = await startRun(OPEN, 'succeeded')
  await page.goto(`/runs/${good.id}?do=promote`)
  await dialogOf(page, 'Promote run').waitFor()
  await expectAccessible(page)
  const waiting = await startRun(OPEN, 'waiting', { approve: true })
  await page.goto(`/runs/${waiting.id}?view=steps`)
  await page.getByRole('form', { name: 'Signal approval' }).waitFor()
  await expectAccessible(page)
  await ask(page, 'Cancel')
  await expectAccessible(page)
})
