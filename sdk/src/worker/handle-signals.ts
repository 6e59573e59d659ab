import type { Worker } from './worker.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Stops the worker on SIGTERM or SIGINT, then ends the process unless somebody else listens too. A second signal ends it at once. */
export function handleSignals(worker: Worker): () => void {
  let asked = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1)
    asked = true
    const alone = process.listenerCount(signal) === 1
    worker.stop().then(
      () => {
        if (alone) process.exit(0)
      },
      () => process.exit(1),
    )
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
