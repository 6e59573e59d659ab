import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Waits for a page by its heading, and until it lives: keys do nothing before, and what the server made of it says that it loads. */
export async function loaded(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await settled(page)
}

/** Waits until nothing on the page says that it is still on its way. */
export const settled = (page: Page) => expect.poll(() => page.getByText(/^(Loading|Counting)/).count()).toBe(0)
