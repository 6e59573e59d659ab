import type { Logger } from 'pino'

export interface Repeated {
  /** Waits for the run that is under way. */
  stop(): Promise<void>
  /** Runs it in so many milliseconds at the latest, once for however many ask meanwhile. */
  soon(afterMs: number): void
}

/** Runs a job again and again, one at a time, and logs its first failure of a row. `stop` waits for the one in flight. */
export function every(ms: number, name: string, log: Logger, job: () => Promise<void>): Repeated {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let failing = false
  let again = false
  let asked: NodeJS.Timeout | undefined

  const run = () => {
    clearTimeout(timer)
    if (stopped) return
    if (running !== undefined) {
      again = true
      return
    }
    running = job()
      .then(
        () => {
          if (failing) log.info({ job: name }, 'a job works again')
          failing = false
        },
        (error: unknown) => {
          if (!failing) log.error({ err: error, job: name }, 'a job failed; it is tried again')
          failing = true
        },
      )
      .finally(() => {
        running = undefined
        if (stopped) return
        timer = setTimeout(run, again && !failing ? 0 : ms)
        again = false
      })
  }
  timer = setTimeout(run, ms)
  return {
    soon: (afterMs) => {
      asked ??= setTimeout(() => {
        asked = undefined
        run()
      }, afterMs)
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      clearTimeout(asked)
      await running
    },
  }
}
