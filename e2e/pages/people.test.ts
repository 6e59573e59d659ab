import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { waitFor } from '../src/wait-for.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'

const { system, openPage } = usePages()
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">'

const attribute = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
})

/** A conversation of plain OpenTelemetry: each turn a trace, with the messages of the ones before sent again; the second one fails. */
async function sendSession(session: string, turns: number): Promise<void> {
  const history: object[] = []
  const spans = Array.from({ length: turns }, (_, turn) => {
    const traceId = randomBytes(16).toString('hex')
    const root = randomBytes(8).toString('hex')
    const startNs = BigInt(Date.now() - (turns - turn) * 10_000) * 1_000_000n
    const common = [attribute('session.id', session), attribute('user.id', 'otel-user')]
    const answer = { role: 'assistant', parts: [{ type: 'text', content: `answer number ${turn}` }] }
    history.push({ role: 'user', parts: [{ type: 'text', content: `question number ${turn} ${HOSTILE}` }] })
    const times = { startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 2_000_000_000n) }
    const call = {
      ...times,
      traceId,
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: root,
      name: 'chat',
      attributes: [
        ...common,
        attribute('gen_ai.operation.name', 'chat'),
        attribute('gen_ai.request.model', 'a-model-of-nobody'),
        attribute('gen_ai.usage.input_tokens', 100 * (turn + 1)),
        attribute('gen_ai.usage.output_tokens', 10),
        attribute('gen_ai.input.messages', JSON.stringify(history)),
        attribute('gen_ai.output.messages', JSON.stringify([answer])),
      ],
    }
    history.push(answer)
    return [
      { ...times, traceId, spanId: root, name: `turn of ${session}`, attributes: common, status: turn === 1 ? { code: 2 } : {} },
      call,
    ]
  }).flat()
  const resource = { attributes: [attribute('service.name', 'plain-otel'), attribute('deployment.environment.name', 'test')] }
  const answer = await fetch(`${system.url}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  })
  expect(answer.status).toBe(200)
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

it('finds a session of plain OpenTelemetry by keyboard, and reads its conversation as text', async () => {
  const session = `chat ${randomBytes(4).toString('hex')}/7`
  await sendSession(session, 3)
  const page = await openPage('/sessions')
  await heading(page, 'Sessions')
  await tabTo(page, page.getByRole('searchbox', { name: 'Search sessions' }))
  await page.keyboard.type(session.slice(0, 13))
  const link = page.getByRole('link', { name: session, exact: true })
  const isListed = async () => {
    if ((await link.count()) === 1) return true
    await page.reload()
    return false
  }
  await waitFor('the session in the list', isListed, { everyMs: 1_000 })
  await page.waitForURL(/q=chat/)
  await tabTo(page, link)
  await press(page, 'Enter')
  await heading(page, 'Session')
  const turns = page.getByRole('article')
  await turns.nth(2).waitFor()
  await page.getByText('answer number 2').waitFor()
  expect(await page.getByText('question number 0').count()).toBe(1)
  expect(await page.getByText(HOSTILE).first().isVisible()).toBe(true)
  expect(await page.title()).not.toContain('owned')
  expect(await turns.nth(1).getByText('error').count()).toBeGreaterThan(0)
  await page.getByText('no price').first().waitFor()
  await page.goBack()
  await page.waitForURL(/\/sessions\?.*q=chat/)
})

it('filters traces by keyboard; the filter is in the address and outlives a reload', async () => {
  await sendSession(`filtered ${randomBytes(4).toString('hex')}`, 2)
  const page = await openPage('/traces')
  await heading(page, 'Traces')
  await page.getByRole('table', { name: 'Traces' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'with errors', exact: true }))
  await press(page, 'Enter')
  await page.waitForURL(/errors=true/)
  await tabTo(page, page.getByRole('textbox', { name: 'At least, in seconds' }))
  await page.keyboard.type('1.5')
  await press(page, 'Enter')
  await page.waitForURL(/minMs=1500/)
  await page.reload()
  expect(await page.getByRole('button', { name: 'with errors', exact: true }).getAttribute('aria-pressed')).toBe('true')
  await tabTo(page, page.getByRole('button', { name: 'Duration', exact: true }))
  await press(page, 'Enter')
  await page.waitForURL(/sort=duration/)
  const first = page
    .getByRole('table', { name: 'Traces' })
    .getByRole('link', { name: /^turn of/ })
    .first()
  await tabTo(page, first)
  await press(page, 'Enter')
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
  await page.getByText('plain-otel').first().waitFor()
})

it('opens the runs of a time from the overview’s chart', async () => {
  const page = await openPage('/')
  await heading(page, 'Overview')
  const chart = page.getByRole('slider', { name: /Runs by outcome/ })
  await tabTo(page, chart)
  await press(page, 'End', 'Shift+Home')
  expect(await chart.getAttribute('aria-valuetext')).toMatch(/succeeded/)
  await press(page, 'Enter')
  await page.waitForURL(/\/runs\?from=.*to=/)
  await page.getByRole('table', { name: 'Runs' }).waitFor()
})

it('makes, pauses, deletes and brings back a schedule by keyboard', async () => {
  const name = `nightly ${randomBytes(4).toString('hex')}`
  const page = await openPage('/schedules', { expectedErrors: [/400/] })
  await heading(page, 'Schedules')
  await tabTo(page, page.getByRole('button', { name: 'New schedule' }))
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByLabel('Name'))
  await page.keyboard.type(name)
  await press(page, 'Tab')
  await page.keyboard.type('research')
  await tabTo(page, dialog.getByLabel(/^When/))
  await press(page, 'Control+a')
  await page.keyboard.type('0 99 * * *')
  await dialog.getByText(/hour/i).nth(1).waitFor()
  await press(page, 'Control+a')
  await page.keyboard.type('30 4 * * 1')
  await dialog
    .getByText(/Mon.*04:30:00/)
    .first()
    .waitFor()
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'hidden' })
  const row = page.getByRole('row').filter({ hasText: name })
  await row.waitFor()
  await tabTo(page, row.getByRole('button', { name: `Pause ${name}` }))
  await press(page, 'Enter')
  await row.getByText('paused').waitFor()
  await tabTo(page, row.getByRole('button', { name: `Delete ${name}` }))
  await press(page, 'Enter')
  await row.waitFor({ state: 'detached' })
  const undo = page.getByRole('button', { name: 'Undo' })
  await undo.focus()
  await press(page, 'Enter')
  await row.getByText('paused').waitFor()
  await fetch(`${system.url}/api/v1/schedules/${encodeURIComponent(name)}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${system.key}` },
  })
})

it('says what a shorter retention would delete before it is set', async () => {
  const page = await openPage('/settings')
  const field = page.getByRole('textbox', { name: /^Failed, crashed, cancelled/ })
  await tabTo(page, field)
  await press(page, 'Control+a')
  await page.keyboard.type('0')
  await page.getByText('Days are whole numbers').waitFor()
  await press(page, 'Control+a')
  await page.keyboard.type('29')
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Change retention?' })
  await dialog.getByText(/would be deleted|this deletes/).waitFor()
  await press(page, 'Escape')
  await dialog.waitFor({ state: 'hidden' })
})

const PAGES = [
  ['/', 'Overview'],
  ['/sessions', 'Sessions'],
  ['/sessions/reading-0', 'Session'],
  ['/sessions/there-is-none', 'Session'],
  ['/users', 'Users'],
  ['/users/ada', 'User'],
  ['/traces?runs=all', 'Traces'],
  ['/workers', 'Workers'],
  ['/schedules', 'Schedules'],
] as const

for (const [path, name] of PAGES)
  forThemes(`${path} is accessible`, async (theme) => {
    const page = await openPage(path, { theme })
    await heading(page, name)
    await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
    await expectAccessible(page)
  })
