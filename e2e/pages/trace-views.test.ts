import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { hasFocus, press, tabTo } from './src/keyboard.ts'
import { usePages } from './src/pages.ts'
import { newSpanId, type SentSpan, sendTrace } from './src/spans.ts'
import { expectAddress, line, lines, spanPanel } from './src/waterfall.ts'

const { system, openPage } = usePages()

const session = `reading ${randomUUID().slice(0, 8)}`
const user = { role: 'user', parts: [{ type: 'text', content: 'How high is Ben Nevis?' }] }
const answer = { role: 'assistant', parts: [{ type: 'text', content: 'It is 1345 m high.' }] }
const document = `${'stone upon stone, '.repeat(1_700)}the end`

const ask = newSpanId()

/** A request that asks a model whose price is known and one whose isn't, and looks something up three times, once in vain. */
function requestSpans(): SentSpan[] {
  const root = newSpanId()
  const lookUp = (startMs: number, lasts: number, more: Partial<SentSpan> = {}): SentSpan => ({
    ...{ name: 'look up', parentSpanId: root, startMs, endMs: startMs + lasts },
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look up' },
    ...more,
  })
  const chat = (name: string, model: string, [startMs, endMs]: readonly [number, number], spanId = newSpanId()): SentSpan => ({
    ...{ name, spanId, parentSpanId: root, startMs, endMs },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': 1_000,
      'gen_ai.usage.output_tokens': 100,
      'gen_ai.input.messages': JSON.stringify([user]),
      'gen_ai.output.messages': JSON.stringify([answer]),
      'session.id': session,
      'app.document': document,
    },
  })
  return [
    { name: 'handle request', spanId: root, startMs: 0, endMs: 1_000 },
    chat('ask', 'gpt-4o-mini', [10, 400], ask),
    chat('ask again', 'a-model-of-nobody', [400, 500]),
    lookUp(500, 100),
    lookUp(600, 250),
    lookUp(850, 50, {
      error: { type: 'TimeoutError', message: 'the library did not answer', stack: 'TimeoutError\n    at lookUp (look-up.ts:12:7)' },
    }),
  ]
}

let path = ''
beforeAll(async () => {
  path = `/traces/${await sendTrace(system, requestSpans())}`
})

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })

it('goes about the flame graph by keys, zooms, and leads to the waterfall', async () => {
  const page = await openPage(`${path}?view=flame`)
  const said = page.getByRole('status')
  await said.getByText(/^6 boxes/).waitFor()
  await press(page, 'ArrowDown')
  await said.getByText(/^handle request, .*1\.00 s/).waitFor()
  expect(await hasFocus(page.getByRole('application', { name: 'Flame graph' }))).toBe(true)
  await press(page, 'ArrowDown')
  await said.getByText(/^ask,/).waitFor()
  await press(page, 'ArrowRight', 'ArrowRight')
  await said.getByText(/^look up, .*100 ms/).waitFor()
  await spanPanel(page).getByRole('heading', { name: 'look up' }).waitFor()
  await press(page, 'z')
  await expectAddress(page, 'zoom', '500-600')
  await page.getByRole('button', { name: '100 ms shown, show all' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: '100 ms shown, show all' }).waitFor()
  await said.getByText(/^look up, .*100 ms/).waitFor()
  await press(page, '0')
  await expectAddress(page, 'zoom', null)
  await press(page, 'ArrowUp')
  await said.getByText(/^handle request/).waitFor()
  await press(page, 'ArrowDown')
  await said.getByText(/^ask,/).waitFor()
  await expectAddress(page, 'span', ask)
  await press(page, 'Enter')
  await expectAddress(page, 'view', null)
  await line(page, 'ask').waitFor()
  expect(await line(page, 'ask').getAttribute('aria-selected')).toBe('true')
  await page.goBack()
  await said.getByText(/^ask,/).waitFor()
  await press(page, 'Escape')
  await spanPanel(page).waitFor({ state: 'detached' })
})

it('draws each kind of work once in the graph, with who calls it, and opens its first span', async () => {
  const page = await openPage(`${path}?view=graph`)
  const node = page.getByRole('list', { name: /Kinds of spans/ }).getByRole('button', { name: /^look up/ })
  await tabTo(page, node)
  expect(await node.textContent()).toMatch(/3 × .*1 failed.*called by handle request/)
  await press(page, 'Enter')
  await spanPanel(page).getByRole('heading', { name: 'look up' }).waitFor()
  await expectAddress(page, 'span', /^[0-9a-f]{16}$/)
  await page.reload()
  await spanPanel(page).getByRole('heading', { name: 'look up' }).waitFor()
  await tabTo(page, tab(page, 'Graph'))
  await press(page, 'Home')
  await expectAddress(page, 'view', null)
  await expect.poll(() => line(page, 'look up').first().getAttribute('aria-selected')).toBe('true')
})

it('counts spans of a name, sorts them by keys, and leads to the longest one and to all', async () => {
  const page = await openPage(`${path}?view=statistics`)
  const table = page.getByRole('table', { name: 'Spans by name' })
  const first = table.getByRole('row').nth(1)
  await first.getByText('look up').waitFor()
  const header = (name: string) => table.getByRole('columnheader', { name })
  expect(await header('Self').getAttribute('aria-sort')).toBe('descending')
  await tabTo(page, header('Name').getByRole('button'))
  await press(page, 'Enter')
  await first.getByText('ask', { exact: true }).waitFor()
  expect(await header('Name').getAttribute('aria-sort')).toBe('ascending')
  await press(page, 'Enter')
  await first.getByText('look up').waitFor()
  expect(await header('Name').getAttribute('aria-sort')).toBe('descending')
  await expectAddress(page, 'sort', 'name')
  await expectAddress(page, 'dir', 'up')
  await page.reload()
  await first.getByText('look up').waitFor()
  expect(await header('Name').getAttribute('aria-sort')).toBe('descending')
  await tabTo(page, first.getByRole('button', { name: '250 ms' }))
  await press(page, 'Enter')
  await spanPanel(page).getByText('250 ms').waitFor()
  await press(page, 'Escape')
  await tabTo(page, first.getByRole('button', { name: /look up/ }), 'Shift+Tab')
  await press(page, 'Enter')
  await page.getByText('of 3').waitFor()
  await press(page, 'n')
  await expectAddress(page, 'find', 'look up')
  await page.goBack()
  await table.waitFor()
})

it('finds in the transcript, and says that in the address', async () => {
  const page = await openPage(`${path}?view=transcript`)
  const transcript = page.getByRole('region', { name: 'Transcript' })
  await transcript.getByText('It is 1345 m high.').first().waitFor()
  await press(page, '/')
  await page.keyboard.type('did not answer')
  await page.getByText(/^1 of \d+$/).waitFor()
  await expectAddress(page, 'find', 'did not answer')
  await page.reload()
  await page.getByText(/^1 of \d+$/).waitFor()
})

it('shows what went in and came out, what it cost, and by which price', async () => {
  const page = await openPage(path)
  const panel = spanPanel(page)
  await line(page, 'ask').waitFor()
  await press(page, 'j', 'Enter')
  await panel.getByRole('region', { name: 'Input' }).getByText('How high is Ben Nevis?').waitFor()
  await panel.getByRole('region', { name: 'Output' }).getByText('It is 1345 m high.').waitFor()
  await tabTo(page, panel.getByRole('button', { name: 'Copy Output' }))
  await press(page, 'Enter')
  await panel.getByText('Copied').waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain('It is 1345 m high.')
  await tabTo(page, panel.getByRole('tab', { name: 'Input and output' }), 'Shift+Tab')
  await press(page, 'ArrowRight')
  await expectAddress(page, 'tab', 'usage')
  // 1,000 tokens at $0.15 a million, 100 at $0.60.
  await panel.getByRole('row', { name: 'Total 1,100 $0.0002' }).waitFor()
  await panel.getByText(/^Price: .*gpt-4o-mini/).waitFor()
  await page.reload()
  await panel.getByRole('row', { name: /Total/ }).waitFor()
  await press(page, 'j')
  await panel.getByRole('heading', { name: 'ask again' }).waitFor()
  await panel.getByRole('row', { name: 'Total 1,100 no price' }).waitFor()
  await panel.getByText('No price is known for this model.').waitFor()
})

it('cuts a long attribute, shows the rest on demand, and copies all of it', async () => {
  const page = await openPage(`${path}?tab=attributes`)
  const panel = spanPanel(page)
  await line(page, 'ask').waitFor()
  await press(page, 'j', 'Enter')
  const attributes = panel.getByRole('region', { name: 'Attributes', exact: true })
  await attributes.getByText('app.document').waitFor()
  const length = document.length.toLocaleString('en')
  await tabTo(page, attributes.getByRole('button', { name: `more characters of ${length}` }))
  expect(await attributes.textContent()).not.toContain('the end')
  await press(page, 'Enter', 'Enter')
  await attributes.getByText('the end').waitFor()
  await tabTo(page, attributes.getByRole('button', { name: 'Copy app.document' }), 'Shift+Tab')
  await press(page, 'Enter')
  await attributes.getByText('Copied').waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(document)
  await tabTo(page, attributes.getByLabel('Filter Attributes'), 'Shift+Tab')
  await page.keyboard.type('session')
  await attributes.getByText('app.document').waitFor({ state: 'detached' })
})

it('leads from an attribute to all that has it', async () => {
  const page = await openPage(`${path}?tab=attributes`)
  await line(page, 'ask').waitFor()
  await press(page, 'j', 'Enter')
  await tabTo(page, spanPanel(page).getByRole('link', { name: 'Find others with this session.id' }))
  await press(page, 'Enter')
  await page.waitForURL(/\/traces\?/)
  await expectAddress(page, 'sessionId', session)
  await page.getByRole('button', { name: `Remove filter session ${session}` }).waitFor()
  const found = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'handle request' }) })
  await expect.poll(() => found.count()).toBe(1)
})

it('leads from a run’s span to runs, of the list that has them', async () => {
  const page = await openPage('/runs?query=status:crashed agent:research')
  await page.getByRole('link', { name: 'research' }).first().waitFor()
  await press(page, 'j')
  await expectAddress(page, 'row', /./)
  await press(page, 'Enter')
  await lines(page).first().waitFor()
  await press(page, 'Enter')
  const panel = spanPanel(page)
  await tabTo(page, panel.getByRole('tab', { name: 'Input and output' }))
  await press(page, 'ArrowRight')
  await expectAddress(page, 'tab', 'usage')
  await press(page, 'ArrowRight')
  await tabTo(page, panel.getByRole('link', { name: 'Find others with this gen_ai.conversation.id' }))
  await press(page, 'Enter')
  await page.waitForURL(/\/runs\?query=session:/)
  await page.getByRole('link', { name: 'research' }).first().waitFor()
})

it('shows an exception with its stack, and as an event', async () => {
  const page = await openPage(path)
  await line(page, 'ask').waitFor()
  await press(page, 'e', 'Enter')
  const exception = spanPanel(page).getByRole('region', { name: 'Exception' })
  await exception.getByText('the library did not answer').waitFor()
  await exception.getByText('at lookUp (look-up.ts:12:7)').waitFor()
  await tabTo(page, exception.getByRole('button', { name: 'Copy the exception' }))
  await press(page, 'Enter')
  await exception.getByText('Copied').waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain('at lookUp (look-up.ts:12:7)')
  await tabTo(page, spanPanel(page).getByRole('tab', { name: 'Input and output' }), 'Shift+Tab')
  await press(page, 'End')
  await spanPanel(page).getByText('exception.stacktrace').waitFor()
})
