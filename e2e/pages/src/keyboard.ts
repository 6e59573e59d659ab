import type { Locator, Page } from 'playwright-core'

/** Keys as a person presses them: each text is a sequence, `press(page, 'g r', 'j', 'Enter', 'Control+k')`. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys.flatMap((sequence) => sequence.split(' '))) await page.keyboard.press(key)
}

const MOST_TABS = 150

/** Presses Tab until the element has the focus. Throws when it can't be reached that way. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press(key)
    if (await hasFocus(target)) return
  }
  throw new Error(`${MOST_TABS} presses of ${key} did not reach ${target}`)
}

export const hasFocus = (target: Locator): Promise<boolean> => target.evaluate((element) => element === element.ownerDocument.activeElement)
