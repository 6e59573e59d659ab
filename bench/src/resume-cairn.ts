import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningCairn } from './start-cairn.ts'

export interface TakenOver {
  /** From the start of the process to the body of the first step that was not done before. */
  readonly totalMs: number
  /** That step, from 0. */
  readonly at: number
  /** The most memory that process has had by then. */
  readonly rssMb: number
}

/** A worker runs all steps but the last and is killed in it; once the collector knows, a new worker goes on. */
export async function takeOverByCairn(running: RunningCairn, steps: number): Promise<TakenOver> {
  const { id } = await call<{ id: string }>(running, '/api/v1/runs', { agent: 'bench-resume', input: { steps } })
  await ended(start(running, 'run'))
  await untilStatus(running, id, 'crashed')
  const worker = start(running, 'resume')
  const exited = ended(worker)
  const took = await new Promise<TakenOver>((resolve, reject) => {
    worker.once('message', (message) => resolve(message as TakenOver))
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  // So that the next worker finds nothing of this run.
  await untilStatus(running, id, 'succeeded')
  worker.kill('SIGKILL')
  await exited
  return took
}

/** As its users run it: the built SDK. */
const start = (running: RunningCairn, phase: 'run' | 'resume'): ChildProcess =>
  fork(join(import.meta.dirname, 'resume-worker.mjs'), [phase], {
    execArgv: [],
    env: { ...process.env, CAIRN_URL: running.url, CAIRN_API_KEY: running.apiKey },
  })

const ended = (worker: ChildProcess): Promise<unknown> => new Promise((resolve) => worker.once('exit', resolve))

async function untilStatus(running: RunningCairn, id: string, status: string): Promise<void> {
  while ((await call<{ status: string }>(running, `/api/v1/runs/${id}`)).status !== status) await delay(50)
}

async function call<T>(running: RunningCairn, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${running.url}${path}`, {
    headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
