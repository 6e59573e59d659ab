import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../src/browser.ts'
import type { PagesSystem } from './global-setup.ts'

export type Theme = 'light' | 'dark'
export const THEMES: readonly Theme[] = ['light', 'dark']

export interface OpenOptions {
  readonly theme?: Theme
  readonly width?: number
  readonly height?: number
  /** Default: signed in as the first user. */
  readonly signedIn?: boolean
  /** The browser's IANA time zone. */
  readonly timeZone?: string
  /** Console errors that belong to what the test does, such as a 404 it asks for. All others fail the test. */
  readonly expectedErrors?: readonly RegExp[]
}

export interface Pages {
  readonly system: PagesSystem
  /** A page of a context of its own at `path`. It is closed after the test, which fails if the page had errors or called other hosts. */
  openPage(path: string, options?: OpenOptions): Promise<Page>
}

/** Call it once at the top of a test file: one Chromium for the file, on the system that all files share. */
export function usePages(): Pages {
  const system = inject('cairn')
  let browser: Browser | undefined
  const contexts: BrowserContext[] = []
  const problems: string[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    expect(problems.splice(0), 'errors in the console, or calls to other hosts').toEqual([])
  })

  return {
    system,
    openPage: async (path, { theme = 'light', width = 1440, height = 900, signedIn = true, timeZone, expectedErrors = [] } = {}) => {
      if (browser === undefined) throw new Error('openPage is for use inside tests')
      const context = await browser.newContext({
        baseURL: system.webUrl,
        viewport: { width, height },
        colorScheme: theme,
        // Animations end at once: what is looked at is what stays.
        reducedMotion: 'reduce',
        acceptDownloads: true,
        permissions: ['clipboard-read', 'clipboard-write'],
        ...(timeZone === undefined ? {} : { timezoneId: timeZone }),
        ...(signedIn ? { storageState: system.storageState } : {}),
      })
      contexts.push(context)
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      watch(page, { host: new URL(system.webUrl).host, expectedErrors, problems })
      await page.goto(path)
      return page
    },
  }
}

interface Watch {
  readonly host: string
  readonly expectedErrors: readonly RegExp[]
  readonly problems: string[]
}

function watch(page: Page, { host, expectedErrors, problems }: Watch): void {
  const add = (text: string) => {
    if (!expectedErrors.some((expected) => expected.test(text))) problems.push(`${new URL(page.url()).pathname}: ${text}`)
  }
  page.on('console', (message) => {
    if (message.type() === 'error') add(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => add(error.stack ?? error.message))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.host !== host) add(`a request to ${url.href}`)
  })
}

/** The same test in light and in dark. */
export function forThemes(name: string, body: (theme: Theme) => Promise<void>): void {
  it.each(THEMES)(`${name} (%s)`, body)
}
