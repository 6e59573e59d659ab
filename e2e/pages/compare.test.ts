import { randomBytes } from 'node:crypto'
import type { Run, RunPage } from '@cairn/sdk/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { callApi } from '../src/api.ts'
import { expectAccessible } from './src/accessible.ts'
import { press, tabTo } from './src/keyboard.ts'
import { forThemes, usePages } from './src/pages.ts'
import { sendTrace } from './src/spans.ts'

const { system, openPage } = usePages()

let crashed: Run
let good: Run
beforeAll(async () => {
  const newest = async (status: string) =>
    ((await callApi(system, 'GET', `/api/v1/runs?agent=research&status=${status}&limit=1`)) as RunPage).items[0] as unknown as Run
  ;[crashed, good] = await Promise.all([newest('crashed'), newest('succeeded')])
})

const HOSTILE = `<img src="http://evil.test/x.png" onerror="document.title='owned'"><script>document.title='owned'</script>\u202E`

/** Two traces of four calls: the second asks the same, answers otherwise once, fails once, and has one call more. */
async function sendTwo(): Promise<[string, string]> {
  const root = () => randomBytes(8).toString('hex')
  const make = (answer: string, isSecond: boolean) => {
    const spanId = root()
    const call = (name: string, output: string, startMs: number, more: object = {}) => ({
      name,
      parentSpanId: spanId,
      startMs,
      endMs: startMs + (isSecond ? 300 : 100),
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `what about ${name}` }] }]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: output }] }]),
      },
      ...more,
    })
    return [
      { name: 'POST /answer', spanId, startMs: 0, endMs: 2_000 },
      call('greet', 'hello', 10),
      call('answer', answer, 400),
      call('check', 'fine', 800, isSecond ? { error: { type: 'CheckError', message: `not fine ${HOSTILE}` } } : {}),
      ...(isSecond ? [call('once more', 'again', 1_200)] : []),
    ]
  }
  return [
    await sendTrace(system, make(`the tide is high ${HOSTILE}`, false)),
    await sendTrace(system, make(`the tide is low ${HOSTILE}`, true)),
  ]
}

it('goes from a run to a good one like it, and to the first difference, by keyboard alone', async () => {
  const page = await openPage(`/runs/${crashed.id}`)
  await tabTo(page, page.getByRole('button', { name: 'Compare', exact: true }))
  await press(page, 'Enter')
  await page.getByRole('menuitem', { name: /A good run of this agent/ }).waitFor()
  await page.getByRole('menuitem', { name: /A good run of this agent/ }).focus()
  await press(page, 'Enter')
  await page.waitForURL(/\/compare\?a=.+&b=/)
  await page.getByRole('region', { name: 'Side B' }).getByText('crashed').waitFor()
  const rows = page.getByRole('treegrid', { name: 'Aligned rows' })
  await rows.getByRole('row', { name: /fact-check/ }).waitFor()
  await press(page, 'n')
  await page.waitForURL(/row=/)
  await page.getByRole('complementary', { name: 'Row' }).getByRole('heading', { name: 'plan' }).waitFor()
  await press(page, 'p')
  await expect.poll(() => page.url()).not.toContain('row=plan')
  await page.goBack()
  await page.waitForURL(/\/runs\//)
})

it('shows two traces with what was added, changed, failed and slower, and hostile text as text only', async () => {
  const [a, b] = await sendTwo()
  const page = await openPage(`/compare?a=${a}&b=${b}`)
  const rows = page.getByRole('treegrid', { name: 'Aligned rows' })
  await rows.getByRole('row', { name: /answer.*output.*slower/ }).waitFor()
  await rows.getByRole('row', { name: /once more.*only in B/ }).waitFor()
  await page.getByRole('button', { name: /New error in check/ }).click()
  const panel = page.getByRole('complementary', { name: 'Row' })
  await panel.getByText('CheckError').first().waitFor()
  await rows.getByRole('row', { name: /answer.*output/ }).click()
  await panel.locator('del', { hasText: 'high' }).waitFor()
  await panel.locator('ins', { hasText: 'low' }).waitFor()
  await panel.getByText('onerror=').first().waitFor()
  expect(await page.title()).not.toContain('owned')
  // The address holds all of it: a reload shows the same, swapped sides turn it round.
  await page.reload()
  await panel.locator('del', { hasText: 'high' }).waitFor()
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await panel.locator('del', { hasText: 'low' }).waitFor()
  await rows.getByRole('row', { name: /once more.*only in A/ }).waitFor()
  await page.getByRole('checkbox', { name: 'Only what differs' }).check()
  await page.waitForURL(/only=changed/)
  await rows.getByRole('row', { name: /greet/ }).waitFor()
})

it('chooses the sides by a search over runs', async () => {
  const page = await openPage('/compare')
  await page.getByText('Two runs beside each other').waitFor()
  await page.getByRole('button', { name: 'Choose side A' }).click()
  await page.getByPlaceholder(/Agent, id/).fill(good.id)
  await page
    .getByRole('option')
    .filter({ hasText: good.id.slice(-8) })
    .waitFor()
  await press(page, 'Enter')
  await page.waitForURL(new RegExp(`a=${good.id}`))
  await page.getByRole('button', { name: 'Choose side B' }).click()
  await page.getByPlaceholder(/Agent, id/).fill(crashed.id)
  await page
    .getByRole('option')
    .filter({ hasText: crashed.id.slice(-8) })
    .waitFor()
  await press(page, 'Enter')
  await page.getByRole('region', { name: 'Side A' }).getByText('succeeded').waitFor()
  await page.getByRole('button', { name: 'By span' }).click()
  await page.waitForURL(/by=span/)
  await page.getByRole('row', { name: /invoke_agent research/ }).waitFor()
})

describe('what can not be compared is said', () => {
  it('a run that is not there, and a run with a trace', async () => {
    const none = '01a20000-0000-7000-8000-000000000000'
    const page = await openPage(`/compare?a=${good.id}&b=${none}`, { expectedErrors: [/404/] })
    await page.getByRole('alert').filter({ hasText: none }).waitFor()
    await page.goto(`/compare?a=${good.id}&b=${good.traceId}`)
    await page.getByRole('alert').filter({ hasText: 'both traces' }).waitFor()
  })
})

forThemes('is accessible, wide and narrow', async (theme) => {
  const page = await openPage(`/compare?a=${good.id}&b=${crashed.id}&row=plan~plan`, { theme })
  await page.getByRole('complementary', { name: 'Row' }).getByRole('region', { name: 'Output' }).waitFor()
  await expectAccessible(page)
  await page.setViewportSize({ width: 420, height: 900 })
  await expectAccessible(page)
  await page.goto('/compare')
  await page.getByText('Two runs beside each other').waitFor()
  await expectAccessible(page)
})
