import { beforeAll, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { THEMES, usePages } from './src/pages.ts'
import { newSpanId, sendSpans, sendTrace } from './src/spans.ts'

const { system, openPage } = usePages()
let id = ''
beforeAll(async () => {
  const run = await callApi<{ id: string; traceId: string }>(system, 'POST', '/api/v1/runs', {
    agent: 'views',
    input: { topic: 'cairns' },
    metadata: { ticket: 'CAIRN-7' },
    claim: { workerId: `views-${newSpanId()}`, version: '1' },
  })
  id = run.id
  const step = (key: string, output: unknown, patch: unknown[]) => ({ runId: id, execution: 1, key, output, statePatch: patch })
  await callApi(system, 'POST', '/api/v1/checkpoints', {
    checkpoints: [
      step('plan', ['a', 'b'], [{ op: 'add', path: '/plan', value: ['a', 'b'] }]),
      step('search', 'found', [{ op: 'add', path: '/notes', value: 1 }]),
      step('write', 'text', [{ op: 'replace', path: '/notes', value: 2 }]),
    ],
  })
  await fetch(`${system.url}/api/v1/runs/${id}/artifacts/table.csv`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${system.key}`, 'content-type': 'text/csv', 'x-cairn-execution': '1' },
    body: 'name,height\nBen Nevis,1345\n',
  })
  const logs = [{ atMs: 5, level: 'warn', message: 'the library is slow' }]
  const span = { name: 'search', startMs: 0, endMs: 10, attributes: { 'cairn.run.id': id, 'cairn.execution': 1 }, logs }
  await sendSpans(system, run.traceId, [span], { startedAt: new Date(), resource: {} })
  await callApi(system, 'POST', `/api/v1/runs/${id}/outcome`, { execution: 1, status: 'succeeded', output: 'done' })
}, 60_000)

it('steps through the state by keys, shows the difference, and has both in the address', async () => {
  const page = await openPage(`/runs/${id}?view=state`)
  await page.getByRole('button', { name: 'Previous step', disabled: false }).waitFor()
  // On arrival, with the focus nowhere.
  await press(page, 'k', 'd')
  await page.waitForURL(/step=write/)
  await page.waitForURL(/against=search/)
  await page.getByText('1 change', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('notes', { exact: true }).waitFor()
})

it('sorts and filters the steps, and opens one by keys', async () => {
  const page = await openPage(`/runs/${id}?view=steps&sort=number&down=true`)
  const steps = page.getByRole('region', { name: 'Steps' })
  await steps.getByRole('listitem').first().getByText('write').waitFor()
  await tabTo(page, steps)
  await press(page, 'ArrowDown', 'Enter')
  await steps.getByText('found').waitFor()
  await page.getByLabel('Filter steps').fill('plan')
  await steps.getByText('found').waitFor({ state: 'detached' })
  expect(await steps.getByRole('listitem').count()).toBe(1)
})

it('shows what happened, by type', async () => {
  const page = await openPage(`/runs/${id}?view=log`)
  const log = page.getByRole('region', { name: 'Log' })
  await log.getByText('plan').waitFor()
  expect(await log.getByRole('time').first().textContent()).toMatch(/:\d\d\.\d{3}$/)
  await log.getByText('the library is slow').waitFor()
  await page.getByLabel('Type of event').selectOption('log')
  expect(await log.getByRole('listitem').count()).toBe(1)
  await log.getByText('warn', { exact: true }).waitFor()
  await page.getByLabel('Type of event').selectOption('status')
  await page.waitForURL(/type=status/)
  await page.getByRole('region', { name: 'Log' }).getByText('succeeded').waitFor()
})

it('shows the metadata of a run among its details', async () => {
  const page = await openPage(`/runs/${id}?view=details`)
  await page.getByRole('region', { name: 'Metadata' }).getByText('CAIRN-7').waitFor()
})

it('tells a trace as a conversation, joins a call of a tool with its result, and leads to the span', async () => {
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' }
  const user = { role: 'user', parts: [{ type: 'text', content: 'How high is it?' }] }
  const asks = { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'lookup', arguments: { of: 'Ben Nevis' } }] }
  const result = { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '1345 m' }] }
  const traceId = await sendTrace(system, [
    {
      name: 'first',
      startMs: 0,
      endMs: 5,
      attributes: { ...chat, 'gen_ai.input.messages': JSON.stringify([user]), 'gen_ai.output.messages': JSON.stringify([asks]) },
    },
    {
      ...{ name: 'second', startMs: 10, endMs: 15 },
      attributes: {
        ...chat,
        'gen_ai.input.messages': JSON.stringify([user, asks, result]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: 'It is 1345 m.' }] }]),
      },
    },
  ])
  const page = await openPage(`/traces/${traceId}?view=transcript`)
  const transcript = page.getByRole('region', { name: 'Transcript' })
  await transcript.getByText('It is 1345 m.').waitFor()
  expect(await transcript.getByText('How high is it?').count()).toBe(1)
  expect(await transcript.getByText('1345 m', { exact: true }).count()).toBe(1)
  await transcript.getByText('2 earlier messages sent again').waitFor()
  await page.getByRole('button', { name: 'Copy transcript as Markdown' }).click()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain('**assistant**\n\nIt is 1345 m.')
  await transcript.getByRole('button', { name: 'span' }).last().press('Enter')
  await page.getByRole('complementary', { name: 'Span' }).getByText('It is 1345 m.').waitFor()
  await press(page, 'Escape')
  await page.waitForURL((url) => !url.searchParams.has('span'))
})

it('finds in the transcript what a long message says beyond its loaded part, and says so where nothing is found', async () => {
  const long = `${'A long introduction. '.repeat(2_000)}The cairngorm at the end.`
  const traceId = await sendTrace(system, [
    {
      ...{ name: 'long', startMs: 0, endMs: 5 },
      attributes: {
        ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' },
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: long }] }]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: 'Short.' }] }]),
      },
    },
  ])
  const page = await openPage(`/traces/${traceId}?view=transcript`)
  const transcript = page.getByRole('region', { name: 'Transcript' })
  await transcript.getByText('Short.').waitFor()
  await page.getByLabel('Find in the transcript').fill('cairngorm')
  await transcript.getByText('further on than what is loaded').waitFor()
  expect(await transcript.getByText('Short.').count()).toBe(0)
  await page.getByLabel('Find in the transcript').fill('a corrie')
  await transcript.getByText('Nothing in the transcript has this text').waitFor()
})

const REGIONS = { state: 'State', steps: 'Steps', log: 'Log', raw: 'Raw', artifacts: 'Table' } as const

it.each(Object.entries(REGIONS).flatMap(([view, region]) => THEMES.map((theme) => ({ view, region, theme }))))(
  'the view $view is accessible in $theme',
  async ({ view, region, theme }) => {
    const page = await openPage(`/runs/${id}?view=${view}`, { theme })
    await page.getByRole('region', { name: region, exact: true }).first().waitFor()
    await expectAccessible(page)
  },
)
