import { type Browser, chromium, type Page } from 'playwright-core'
import type { System } from './system.ts'

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CAIRN_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A new page of a signed-in user. */
export async function signIn(browser: Browser, system: System): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(system.webUrl)
  await page.getByLabel('Email').fill(system.email)
  await page.getByLabel('Password').fill(system.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Runs', exact: true }).first().waitFor()
  return page
}
