import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { makeHostileRun } from './src/hostile-run.ts'
import { usePages } from './src/pages.ts'

const { system, openPage } = usePages()
let run: Awaited<ReturnType<typeof makeHostileRun>>
beforeAll(async () => {
  run = await makeHostileRun(system)
}, 120_000)

/** No script of an agent has run, and the page still answers. */
async function expectUnharmed(page: Page): Promise<void> {
  expect(await page.title()).not.toContain('owned')
  expect(await page.evaluate<number>("document.querySelectorAll('main iframe, main script').length")).toBe(0)
  const remote = await page.evaluate<number>('[...document.images].filter((image) => !image.src.startsWith(location.origin)).length')
  expect(remote).toBe(0)
  const odd = await page.evaluate<string[]>(
    '[...document.links].map((link) => link.href).filter((href) => !/^(https?|mailto):/.test(href))',
  )
  expect(odd).toEqual([])
  // Signs of direction and controls are named, never there themselves.
  const text = (await page.locator('main').textContent()) ?? ''
  expect(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/.test(text)).toBe(false)
}

/** Opens a page on which every dialog is counted: harness and policy forbid other hosts. */
async function open(path: string): Promise<Page> {
  const page = await openPage('/runs')
  page.on('dialog', (dialog) => {
    void dialog.dismiss()
    throw new Error(`a script of an agent ran: ${dialog.message()}`)
  })
  await page.goto(path)
  return page
}

const VIEWS = {
  transcript: 'Transcript',
  steps: 'Steps',
  state: 'State',
  log: 'Log',
  raw: 'Raw',
  details: 'Input',
} as const

it.each(Object.entries(VIEWS))('the view %s shows hostile texts as texts', async (view, region) => {
  const page = await open(`/runs/${run.id}?view=${view}`)
  await page.getByRole('region', { name: region, exact: true }).first().waitFor()
  await page.waitForTimeout(500)
  await expectUnharmed(page)
})

it('opens every span, with Markdown drawn and not', async () => {
  const { spans } = (await (
    await fetch(`${system.url}/api/v1/traces/${run.traceId}/summary`, { headers: { authorization: `Bearer ${system.key}` } })
  ).json()) as { spans: { spanId: string; name: string }[] }
  expect(spans.length).toBe(10)
  for (const prose of ['text', 'markdown'])
    for (const { spanId } of spans) {
      const page = await open(`/runs/${run.id}?span=${spanId}`)
      await page.evaluate(`localStorage.setItem('cairn.prose', '${prose}')`)
      if (prose === 'markdown') await page.reload()
      const panel = page.getByRole('complementary', { name: 'Span' })
      await panel.getByRole('tab', { name: 'Attributes' }).waitFor()
      await expectUnharmed(page)
      await panel.getByRole('tab', { name: 'Attributes' }).click()
      await panel.getByLabel('Filter Attributes').waitFor()
      await expectUnharmed(page)
      await page.context().close()
    }
}, 240_000)

it('shows artifacts, and runs and loads nothing of them', async () => {
  const page = await open(`/runs/${run.id}?view=artifacts`)
  const list = page.getByRole('navigation', { name: 'Artifacts' }).getByRole('button')
  await list.first().waitFor()
  expect(await list.count()).toBe(7)
  for (let i = 0; i < 7; i++) {
    await list.nth(i).click()
    await page.waitForTimeout(400)
    await expectUnharmed(page)
  }
})

it('opens a text of five megabytes at once, with its beginning, and loads the rest on demand', async () => {
  const page = await openPage('/runs')
  await page.addInitScript(
    'window.longest = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration) }).observe({ type: "longtask", buffered: true })',
  )
  await page.goto(`/runs/${run.id}?view=transcript&find=lorem`)
  const more = page.getByRole('button', { name: /more characters of 5,160,000/ }).first()
  await more.waitFor()
  const text = page.getByRole('region', { name: 'Transcript' })
  const before = ((await text.textContent()) ?? '').length
  expect(before).toBeLessThan(50_000)
  // The page opens fluently; on a machine of two cores that also runs everything else.
  expect(await page.evaluate<number>('window.longest')).toBeLessThan(1_000)
  await more.click()
  await expect.poll(async () => ((await text.textContent()) ?? '').length, { timeout: 20_000 }).toBeGreaterThan(before + 10_000)
  await expectUnharmed(page)
})
