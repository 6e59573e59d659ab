import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { newSpanId, type SentSpan } from './spans.ts'

/** A line of the waterfall by the label it begins with. */
export const line = (page: Page, label: string): Locator =>
  page.getByRole('treeitem', { name: new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')} ?,`) })

export const lines = (page: Page): Locator => page.getByRole('treeitem')

export const spanPanel = (page: Page): Locator => page.getByRole('complementary', { name: 'Span' })

/** Waits until the line that keys act on is the one with this label. */
export const expectAt = (page: Page, label: string): Promise<void> => expect.poll(() => activeLabel(page)).toBe(label)

async function activeLabel(page: Page): Promise<string> {
  const id = await page.getByRole('tree', { name: 'Spans' }).getAttribute('aria-activedescendant')
  const said = await page.locator(`[id="${id}"]`).textContent()
  return said?.replace(/^[▸▾]/, '').split(',')[0] ?? ''
}

/** Value of a name of the address once it is as wanted. */
export async function expectAddress(page: Page, name: string, wanted: string | RegExp | null): Promise<void> {
  const value = () => new URL(page.url()).searchParams.get(name)
  if (wanted instanceof RegExp) await expect.poll(value).toMatch(wanted)
  else await expect.poll(value).toBe(wanted)
}

/**
 * Two roots with a minute between them: `request` calls plan (think, write), search (fetch one fails, fetch two) and answer, which
 * fails; `later` calls nothing.
 */
export function twoRoots(): { spans: SentSpan[]; ids: Readonly<Record<'request' | 'plan' | 'search' | 'answer' | 'fetchOne', string>> } {
  const ids = { request: newSpanId(), plan: newSpanId(), search: newSpanId(), answer: newSpanId(), fetchOne: newSpanId() }
  const span = (name: string, parentSpanId: string | undefined, [startMs, endMs]: readonly [number, number], more = {}): SentSpan => ({
    ...{ name, startMs, endMs },
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...more,
  })
  const error = (message: string) => ({
    error: { type: 'LookupError', message, stack: `LookupError: ${message}\n    at reach (reach.ts:7:3)` },
  })
  return {
    ids,
    spans: [
      span('request', undefined, [0, 1_000], { spanId: ids.request }),
      span('plan', ids.request, [0, 200], { spanId: ids.plan }),
      span('think', ids.plan, [10, 100], { attributes: { 'app.mood': 'a pensive kestrel' } }),
      span('write', ids.plan, [100, 190]),
      span('search', ids.request, [200, 600], { spanId: ids.search }),
      span('fetch one', ids.search, [210, 400], { spanId: ids.fetchOne, ...error('gone') }),
      span('fetch two', ids.search, [220, 590]),
      span('answer', ids.request, [600, 1_000], { spanId: ids.answer, ...error('no answer') }),
      span('later', undefined, [60_000, 60_500]),
    ],
  }
}
