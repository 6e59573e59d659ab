import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser, signIn } from '../src/browser.ts'
import { type System, startSystem } from '../src/system.ts'
import { expectAccessible } from './src/accessible.ts'
import { settled } from './src/loaded.ts'

/** A system without sample runs, of its own: what a new user sees. */
let system: System
let browser: Browser
let page: Page
beforeAll(async () => {
  ;[system, browser] = await Promise.all([startSystem(), launchBrowser()])
  page = await signIn(browser, system)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

/** A page, and what it tells a new user to do. */
const PAGES = [
  ['/', 'Start an agent with'],
  ['/runs', 'agent.start(input)'],
  ['/failures', 'come here by themselves'],
  ['/traces', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ['/sessions', /session/],
  ['/users', /user/],
  ['/cost', 'Choose a longer range'],
  ['/latency', 'Choose a longer range'],
  ['/few-shot', /promote/i],
  ['/workers', /serve/],
  ['/schedules', 'cairn.schedule'],
  ['/compare', 'Choose two runs'],
] as const

it.each(PAGES)('%s says what to do next', async (path, words) => {
  await page.goto(system.webUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  await page.getByRole('main').getByText(words).first().waitFor()
  expect(await page.getByRole('main').getByRole('alert').count()).toBe(0)
  await expectAccessible(page)
})
