import { randomUUID } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { callApi } from '../src/api.ts'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { usePages } from './src/pages.ts'
import { makeResumedRun } from './src/resumed-run.ts'
import { newSpanId, newTraceId, type SentSpan, sendSpans, sendTrace } from './src/spans.ts'
import { expectAddress, expectAt, line, lines, spanPanel, twoRoots } from './src/waterfall.ts'

const { system, openPage } = usePages()
const { spans, ids } = twoRoots()
let path = ''
beforeAll(async () => {
  path = `/traces/${await sendTrace(system, spans)}`
})

const open = async (query = '') => {
  const page = await openPage(`${path}${query}`)
  await line(page, 'request').waitFor()
  return page
}

it('moves over the lines, folds and unfolds them, without the lines having been clicked or found by Tab', async () => {
  const page = await open()
  await expect.poll(() => lines(page).count()).toBe(9)
  await press(page, 'ArrowDown')
  await expectAt(page, 'plan')
  expect(await hasFocus(page.getByRole('tree', { name: 'Spans' }))).toBe(true)
  await press(page, 'ArrowRight')
  await expectAt(page, 'think')
  await press(page, 'ArrowLeft')
  await expectAt(page, 'plan')
  await press(page, 'ArrowLeft')
  await expect.poll(() => line(page, 'plan').getAttribute('aria-expanded')).toBe('false')
  await line(page, 'think').waitFor({ state: 'detached' })
  await press(page, 'ArrowDown')
  await expectAt(page, 'search')
  await press(page, 'End')
  await expectAt(page, 'later')
  await press(page, 'k')
  await expectAt(page, 'answer')
  await press(page, 'Home', 'j', 'ArrowRight')
  await line(page, 'think').waitFor()
})

it('has what is folded by hand in the address: it outlives a reload, and Back unfolds', async () => {
  const page = await open()
  await press(page, 'j', 'Space')
  await expectAddress(page, 'folded', ids.plan)
  await line(page, 'think').waitFor({ state: 'detached' })
  await page.reload()
  await line(page, 'plan').waitFor()
  await expect.poll(() => lines(page).count()).toBe(7)
  await page.goBack()
  await line(page, 'think').waitFor()
})

it('shows so many levels, folds all and unfolds all', async () => {
  const page = await open()
  await press(page, '2')
  await expect.poll(() => lines(page).count()).toBe(5)
  await expectAddress(page, 'level', '1')
  await press(page, '_')
  await expect.poll(() => lines(page).count()).toBe(2)
  await expectAddress(page, 'level', '0')
  await page.reload()
  await line(page, 'request').waitFor()
  await expect.poll(() => lines(page).count()).toBe(2)
  await press(page, '*')
  await expect.poll(() => lines(page).count()).toBe(9)
  await expectAddress(page, 'level', null)
  await page.goBack()
  await expect.poll(() => lines(page).count()).toBe(2)
  await page.goBack()
  await expect.poll(() => lines(page).count()).toBe(5)
})

it('jumps to the next error and the one before, round the end, and opens what is folded over it', async () => {
  const page = await open('?level=0')
  await press(page, 'e')
  await expectAt(page, 'fetch one')
  await press(page, 'e')
  await expectAt(page, 'answer')
  await press(page, 'e')
  await expectAt(page, 'fetch one')
  await press(page, 'E')
  await expectAt(page, 'answer')
})

it('finds names at once and then what was sent, steps through it, and has it in the address', async () => {
  const page = await open()
  await press(page, '/')
  expect(await hasFocus(page.getByRole('searchbox', { name: /Find in trace/ }))).toBe(true)
  await page.keyboard.type('fetch')
  await page.getByText('– of 2').waitFor()
  await press(page, 'Enter')
  await expectAt(page, 'fetch one')
  await page.getByText('1 of 2').waitFor()
  await press(page, 'Enter')
  await expectAt(page, 'fetch two')
  await press(page, 'Shift+Enter')
  await expectAt(page, 'fetch one')
  await expectAddress(page, 'find', 'fetch')
  await page.reload()
  await page.getByText('of 2').waitFor()
  await press(page, 'n', 'n')
  await expectAt(page, 'fetch two')
  await press(page, '/')
  await page.keyboard.type('kestrel')
  await page.getByText('of 1').waitFor()
  await press(page, 'Enter', 'ArrowDown', 'Enter')
  await spanPanel(page).getByRole('heading', { name: 'think' }).waitFor()
  await press(page, '/', 'Escape')
  await expectAddress(page, 'find', null)
  await press(page, 'Escape')
  expect(await hasFocus(page.getByRole('tree', { name: 'Spans' }))).toBe(true)
})

it('zooms to a span and out again; reload and Back keep it', async () => {
  const page = await open()
  const all = page.getByRole('button', { name: 'show all' })
  await press(page, 'j', 'z')
  await all.filter({ hasText: '200 ms shown' }).waitFor()
  await expectAddress(page, 'zoom', '0-200')
  await page.reload()
  await all.filter({ hasText: '200 ms shown' }).waitFor()
  await press(page, '0')
  await all.waitFor({ state: 'detached' })
  // The address follows a moment later.
  await expectAddress(page, 'zoom', null)
  await page.goBack()
  await all.waitFor()
  await tabTo(page, all)
  await press(page, 'Enter')
  await all.waitFor({ state: 'detached' })
})

it('opens the span of the line, follows the line, and closes by Escape or Back', async () => {
  const page = await open()
  const panel = spanPanel(page)
  await press(page, 'j', 'Enter')
  await panel.getByRole('heading', { name: 'plan' }).waitFor()
  await expectAddress(page, 'span', ids.plan)
  await press(page, 'e')
  await panel.getByRole('heading', { name: 'fetch one' }).waitFor()
  await expectAddress(page, 'span', ids.fetchOne)
  await page.goBack()
  await panel.waitFor({ state: 'detached' })
  await page.goForward()
  await panel.getByRole('heading', { name: 'fetch one' }).waitFor()
  expect(await line(page, 'fetch one').getAttribute('aria-selected')).toBe('true')
  await press(page, 'Escape')
  await panel.waitFor({ state: 'detached' })
  await expectAddress(page, 'span', null)
})

it('draws the critical path, and idle time folded or at its length', async () => {
  const page = await open()
  await press(page, 'c')
  await expectAddress(page, 'critical', 'true')
  await expect.poll(() => line(page, 'fetch two').textContent()).toContain('on the critical path')
  expect(await line(page, 'fetch one').textContent()).not.toContain('critical')
  await page.reload()
  await expect.poll(() => line(page, 'answer').textContent()).toContain('on the critical path')
  const later = async () => (await line(page, 'later').getByTestId('bar').boundingBox())?.width ?? 0
  await expect.poll(later).toBeGreaterThan(100)
  await tabTo(page, page.getByRole('button', { name: 'Fold idle time', pressed: true }))
  await press(page, 'Enter')
  await expect.poll(later).toBeLessThan(20)
  await expectAddress(page, 'gaps', 'true')
  await page.goBack()
  await expect.poll(later).toBeGreaterThan(100)
})

it('tells of the executions and the crash between them, and marks what was cut off', async () => {
  const run = await makeResumedRun(system)
  const page = await openPage(`/runs/${run.id}`)
  const root = page.getByRole('treeitem', { name: /execution 2/ })
  await root.waitFor()
  const tree = page.getByRole('tree', { name: 'Spans' })
  const described = page.locator(`[id="${await tree.getAttribute('aria-describedby')}"]`)
  await expect
    .poll(() => described.textContent())
    .toMatch(/Execution 1: began .*crashed .*, resumed .* later\..*Execution 2: began .*succeeded/)
  await expect.poll(() => page.getByRole('treeitem', { name: /^cross.*interrupted/ }).count()).toBe(1)
  // Checkpoints are of the steps, which come after the spans.
  await page
    .getByRole('treeitem', { name: /^prepare.*checkpoint/ })
    .first()
    .waitFor()
  await page
    .getByTestId('crash-gap')
    .getByText(/^crashed .* later$/)
    .waitFor()
}, 120_000)

it('opens a link to a span with its line in sight, of five thousand, and draws only those in sight', async () => {
  const root = newSpanId()
  const last = newSpanId()
  const many: SentSpan[] = Array.from({ length: 4_998 }, (_, i) => ({ name: `part ${i}`, parentSpanId: root, startMs: i, endMs: i + 1 }))
  const traceId = await sendTrace(system, [
    { name: 'whole', spanId: root, startMs: 0, endMs: 5_100 },
    ...many,
    { name: 'the last part', spanId: last, parentSpanId: root, startMs: 5_000, endMs: 5_100 },
  ])
  const page = await openPage(`/traces/${traceId}?span=${last}`)
  await page.getByText('5,000 spans').waitFor()
  await expect.poll(() => isInSight(line(page, 'the last part'))).toBe(true)
  await spanPanel(page).getByRole('heading', { name: 'the last part' }).waitFor()
  expect(await lines(page).count()).toBeLessThan(100)
  await press(page, 'Home')
  await expect.poll(() => isInSight(line(page, 'whole'))).toBe(true)
  await press(page, 'PageDown')
  await expect.poll(() => lines(page).count()).toBeLessThan(100)
  await press(page, 'Home', 'ArrowLeft')
  await expect.poll(() => lines(page).count()).toBe(1)
})

const isInSight = (item: ReturnType<typeof line>) =>
  item.evaluate((element) => {
    const box = element.getBoundingClientRect()
    const around = element.closest('[role=tree]')?.getBoundingClientRect()
    return around !== undefined && box.top >= around.top - 1 && box.bottom <= around.bottom + 1
  })

it('grows while a run goes on, and leaves the line that was chosen chosen and where it is', async () => {
  const run = await callApi<Run>(system, 'POST', '/api/v1/runs', {
    agent: `growing-${randomUUID().slice(0, 8)}`,
    claim: { workerId: `growing-${newSpanId()}`, version: '1' },
  })
  // A run that nobody ends would count as crashed some time later, on pages of other tests.
  onTestFinished(() => callApi(system, 'POST', `/api/v1/runs/${run.id}/outcome`, { execution: 1, status: 'succeeded' }))
  const startedAt = new Date(Date.now() - 10_000)
  const resource = { 'service.name': 'page-test' }
  const part = (name: string, startMs: number): SentSpan => ({
    ...{ name, startMs, endMs: startMs + 5 },
    attributes: { 'cairn.run.id': run.id, 'cairn.execution': 1 },
  })
  const send = (parts: readonly SentSpan[]) => sendSpans(system, run.traceId, parts, { startedAt, resource })
  await send(Array.from({ length: 60 }, (_, i) => part(`early ${i}`, i * 100)))
  const page = await openPage(`/runs/${run.id}`)
  await page.getByText('60 spans').waitFor()
  await press(page, 'End', 'Enter')
  await spanPanel(page).getByRole('heading', { name: 'early 59' }).waitFor()
  await expect.poll(() => isInSight(line(page, 'early 59'))).toBe(true)
  const top = async () => Math.round((await line(page, 'early 59').boundingBox())?.y ?? 0)
  const before = await top()
  await send(Array.from({ length: 30 }, (_, i) => part(`between ${i}`, i * 100 + 50)))
  await page.getByText('90 spans').waitFor({ timeout: 30_000 })
  await expectAt(page, 'early 59')
  expect(await line(page, 'early 59').getAttribute('aria-selected')).toBe('true')
  await expect.poll(top).toBe(before)
})

it('says so where no span has come', async () => {
  const { id } = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent: `nobody-${randomUUID().slice(0, 8)}` })
  const page = await openPage(`/runs/${id}`)
  await page.getByText('Waiting for the first span').waitFor()
  await page.getByText('No worker has taken the run yet.').waitFor()
  await page.goto(`/traces/${newTraceId()}`)
  await page.getByText('There is no such trace').waitFor()
})
