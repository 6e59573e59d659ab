import type { TestProject } from 'vitest/node'
import { startModelServer } from '../../../examples/model-server/server.ts'
import { startWithSample } from '../../src/sample-system.ts'
import { type StorageState, signInOnce } from '../../src/sign-in.ts'
import type { System } from '../../src/system.ts'

/** Where Cairn is, for programs and for people; and the model server, for workers that a test starts. */
export interface PagesSystem extends Pick<System, 'url' | 'webUrl' | 'key' | 'email' | 'password'> {
  readonly modelUrl: string
  /** Cookies of the signed-in user, for Playwright. */
  readonly storageState: StorageState
}

declare module 'vitest' {
  export interface ProvidedContext {
    cairn: PagesSystem
  }
}

/**
 * Vitest's globalSetup: one system with its sample runs for all page tests, and one sign-in.
 * CAIRN_TEST_WEB_URL, CAIRN_TEST_URL, CAIRN_TEST_KEY, CAIRN_TEST_EMAIL and CAIRN_TEST_PASSWORD name one that runs already.
 */
export default async function startPages(project: TestProject): Promise<() => Promise<void>> {
  const [running, models] = await Promise.all([findRunning() ?? startWithSample(), startModelServer()])
  const stop = async () => {
    await models.stop()
    await running.stop()
  }
  try {
    const { url, webUrl, key, email, password } = running
    const storageState = await signInOnce(running)
    project.provide('cairn', { url, webUrl, key, email, password, modelUrl: models.url, storageState })
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

type Running = Pick<System, 'url' | 'webUrl' | 'key' | 'email' | 'password'> & { stop(): Promise<unknown> }

function findRunning(): Running | undefined {
  const { CAIRN_TEST_WEB_URL: webUrl, CAIRN_TEST_URL: url, CAIRN_TEST_KEY: key } = process.env
  const { CAIRN_TEST_EMAIL: email, CAIRN_TEST_PASSWORD: password } = process.env
  if (webUrl === undefined) return undefined
  if (url === undefined || key === undefined || email === undefined || password === undefined)
    throw new Error('CAIRN_TEST_WEB_URL needs CAIRN_TEST_URL, CAIRN_TEST_KEY, CAIRN_TEST_EMAIL and CAIRN_TEST_PASSWORD beside it.')
  return { url, webUrl, key, email, password, stop: async () => {} }
}
