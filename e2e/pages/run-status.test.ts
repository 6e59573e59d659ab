import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import { expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { press, tabTo } from './src/keyboard.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()

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
  const agent = `busy-${randomUUID().slice(0, 8)}`
  const { id } = await start(agent)
  // A worker that takes the run and does not listen: as one whose thread is busy.
  const agents = [{ name: agent, versions: ['1'], recovery: { mode: 'manual', backoffMs: 0 } }]
  await callApi(system, 'POST', '/api/v1/claims', { workerId: `busy-${id}`, agents, limit: 1, waitMs: 0 })
  const page = await openPage(`/runs/${id}`)
  const pause = page.getByRole('button', { name: 'Pause', exact: true })
  await tabTo(page, pause)
  await press(page, 'Enter')
  await page
    .getByText(`A pause is asked for: its worker has not stopped what runs now yet. Asked for by ${system.email}.`, { exact: true })
    .waitFor()
  await pause.waitFor({ state: 'detached' })
  await callApi(system, 'POST', `/api/v1/runs/${id}/outcome`, { execution: 1, status: 'paused' })
  await page.getByText(`Paused by ${system.email}.`, { exact: true }).waitFor()
})
