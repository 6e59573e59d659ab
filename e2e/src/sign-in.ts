import { request } from 'playwright-core'
import type { System } from './system.ts'

/** Cookies of a signed-in user, for Playwright. */
export type StorageState = Awaited<ReturnType<Awaited<ReturnType<typeof request.newContext>>['storageState']>>

export async function signInOnce({ webUrl, email, password }: Pick<System, 'webUrl' | 'email' | 'password'>): Promise<StorageState> {
  const api = await request.newContext({ baseURL: webUrl, extraHTTPHeaders: { origin: webUrl } })
  try {
    const answer = await api.post('/api/auth/sign-in/email', { data: { email, password } })
    if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}: ${await answer.text()}`)
    return await api.storageState()
  } finally {
    await api.dispose()
  }
}
