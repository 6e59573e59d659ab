import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again every `everyMs` until the probe gives something truthy. Throws with the last answer after `timeoutMs`. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  { timeoutMs = 30_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const answer = await probe()
      if (answer) return answer
      last = answer
    } catch (error) {
      last = error
    }
    await sleep(everyMs)
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`)
}
