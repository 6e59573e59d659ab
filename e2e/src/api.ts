import type { System } from './system.ts'

/** Calls the collector's API as a user's program does. Throws with the answer's text when it isn't a 2xx. */
export async function callApi<T>(system: Pick<System, 'url' | 'key'>, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${system.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}
