import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { signInOnce } from '../src/sign-in.ts'
import type { System } from '../src/system.ts'
import type { Shot } from './shots.ts'

export const THEMES = ['light', 'dark'] as const
export type Windows = Readonly<Record<(typeof THEMES)[number], Page>>

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 420, height: 900 }
const QUALITY = 82

/** A signed-in window in each theme. */
export async function openWindows(browser: Browser, system: System): Promise<Windows> {
  const storageState = await signInOnce(system)
  const open = async (colorScheme: (typeof THEMES)[number]) => {
    const context = await browser.newContext({ baseURL: system.webUrl, viewport: WIDE, colorScheme, reducedMotion: 'reduce', storageState })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    return page
  }
  return { light: await open('light'), dark: await open('dark') }
}

/** What a page still loads says so by a word that begins like this. */
const BUSY = /^(Loading|Looking|Working)/

export async function shoot(page: Page, { path, see, act, narrow = false }: Shot, file: string): Promise<void> {
  await page.setViewportSize(narrow ? NARROW : WIDE)
  await page.goto(path)
  if (see !== undefined) await page.getByText(see).first().waitFor()
  await act?.(page)
  const deadline = Date.now() + 15_000
  while ((await page.getByText(BUSY).count()) > 0 && Date.now() < deadline) await page.waitForTimeout(100)
  // Charts are drawn after their data is there, by code that comes later.
  await page.waitForTimeout(700)
  await sharp(await page.screenshot())
    .webp({ quality: QUALITY, effort: 6 })
    .toFile(file)
}
