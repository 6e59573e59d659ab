import { randomUUID } from 'node:crypto'
import { Cairn } from '@cairn/sdk'
import type { Run } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { waitFor } from '../src/wait-for.ts'
import { press, tabTo } from './src/keyboard.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()
const name = `slow-${randomUUID().slice(0, 8)}`
const finish = Promise.withResolvers<void>()
let cairn: Cairn
beforeAll(async () => {
  cairn = new Cairn({ url: system.url, apiKey: system.key })
  const slow = cairn.agent({ name, version: '1' }, async (run) => {
    await run.step('slow', () => finish.promise.then(() => 1))
    await run.step('after', () => 2)
  })
  await cairn.serve([slow], { handleSignals: false })
})
afterAll(() => cairn.close())

const start = (agent: string) => callApi<Run>(system, 'POST', '/api/v1/runs', { agent })
const getRun = (id: string) => callApi<Run>(system, 'GET', `/api/v1/runs/${id}`)

it('shows who cancelled a run and why, as text', async () => {
  const { id } = await start(`unserved-${randomUUID().slice(0, 8)}`)
  const page = await openPage(`/runs/${id}?do=cancel`)
  const dialog = page.getByRole('dialog', { name: 'Cancel run' })
  await tabTo(page, dialog.getByLabel(/^Reason/))
  await page.keyboard.type('<b>not</b> needed')
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(`Cancelled by ${system.email}: <b>not</b> needed`, { exact: true }).waitFor()
  expect(await getRun(id)).toMatchObject({ status: 'cancelled', statusActor: system.email, statusReason: '<b>not</b> needed' })
})

it('keeps a dialog open whose run went on without it, and says so', async () => {
  const { id } = await start(`unserved-${randomUUID().slice(0, 8)}`)
  const page = await openPage(`/runs/${id}?do=cancel`)
  const dialog = page.getByRole('dialog', { name: 'Cancel run' })
  const reason = dialog.getByLabel(/^Reason/)
  await tabTo(page, reason)
  await page.keyboard.type('half a senten')
  await callApi(system, 'POST', `/api/v1/runs/${id}/cancel`, { actor: 'ada' })
  await dialog.getByRole('alert').filter({ hasText: 'Meanwhile the run is cancelled, by ada: there is nothing to cancel.' }).waitFor()
  expect(await reason.inputValue()).toBe('half a senten')
  expect(await dialog.getByRole('button', { name: 'Cancel run' }).isDisabled()).toBe(true)
  await press(page, 'Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.goto(`/runs/${id}?do=resume`)
  const resume = page.getByRole('dialog', { name: 'Resume run' })
  await resume.getByRole('button', { name: 'Resume run' }).waitFor()
  await callApi(system, 'POST', `/api/v1/runs/${id}/resume`, {})
  await resume.getByRole('alert').filter({ hasText: 'Meanwhile the run is queued' }).waitFor()
  expect(await resume.getByRole('button', { name: 'Resume run' }).isDisabled()).toBe(true)
})

it('says what a worker was asked to do and has not done yet', async () => {
  const { id } = await start(name)
  await waitFor('the run runs', async () => (await getRun(id)).status === 'running')
  const page = await openPage(`/runs/${id}`)
  const pause = page.getByRole('button', { name: 'Pause', exact: true })
  await tabTo(page, pause)
  await press(page, 'Enter')
  await page.getByText(`A pause is asked for: it comes after the step that runs now. Asked for by ${system.email}.`).waitFor()
  await pause.waitFor({ state: 'detached' })
  finish.resolve()
  await page.getByText(`Paused by ${system.email}.`, { exact: true }).waitFor()
})
