import type { Logger } from 'pino'

/** Runs a job again and again, one at a time, and logs its first failure of a row. `stop` waits for the one in flight. */
export function every(ms: number, name: string, log: Logger, job: () => Promise<void>): { stop(): Promise<void>; soon(): void } {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let failing = false
  let again = false

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
    soon: run,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
