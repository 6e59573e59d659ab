import type { Worker } from './worker.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Workers of this process that stop by a signal. */
const workers = new Set<Worker>()
let asked = false

/** Stops the worker on SIGTERM or SIGINT, then ends the process unless somebody else listens too. A second signal ends it at once. */
export function handleSignals(worker: Worker): () => void {
  if (workers.size === 0) for (const signal of SIGNALS) process.on(signal, stopAll)
  workers.add(worker)
  return () => {
    workers.delete(worker)
    if (workers.size === 0 && !asked) for (const signal of SIGNALS) process.off(signal, stopAll)
  }
}

function stopAll(signal: NodeJS.Signals): void {
  if (asked) process.exit(1)
  asked = true
  const isOnlyListener = process.listenerCount(signal) === 1
  Promise.all([...workers].map((worker) => worker.stop())).then(
    () => {
      if (isOnlyListener) process.exit(0)
    },
    () => process.exit(1),
  )
}
