import { EventEmitter } from 'node:events'

/**
 * Tells this process what changed, so that nobody waits for the next poll. What another collector changes is found by
 * the polls that every waiter makes anyway: a missed notice delays, it never loses.
 */
export class Notifier {
  readonly #emitter = new EventEmitter().setMaxListeners(0)
  readonly #limited = new Set<string>()

  /** A run has new events. */
  runChanged(runId: string): void {
    this.#emitter.emit(`run:${runId}`)
  }

  /** A run of this agent may be claimed now. */
  workReady(projectId: string, agent: string): void {
    this.#emitter.emit('work', projectId, agent)
  }

  /** Whether runs of the agent wait for each other's end: as its workers say with each claim. */
  noteLimits(projectId: string, agent: string, limited: boolean): void {
    const key = `${projectId} ${agent}`
    if (limited) this.#limited.add(key)
    else this.#limited.delete(key)
  }

  /** A run of this agent goes on no more: one that its limit held back may be claimed. */
  runEnded(projectId: string, agent: string): void {
    if (this.#limited.has(`${projectId} ${agent}`)) this.workReady(projectId, agent)
  }

  /** A run's status changed: lists and ClickHouse want to know. */
  statusChanged(): void {
    this.#emitter.emit('status')
  }

  onRunChanged(runId: string, listener: () => void): () => void {
    return this.#on(`run:${runId}`, listener)
  }

  onWorkReady(listener: (projectId: string, agent: string) => void): () => void {
    return this.#on('work', listener)
  }

  onStatusChanged(listener: () => void): () => void {
    return this.#on('status', listener)
  }

  #on(event: string, listener: (...args: string[]) => void): () => void
  #on(event: string, listener: (projectId: string, agent: string) => void): () => void
  #on(event: string, listener: (...args: never[]) => void): () => void {
    this.#emitter.on(event, listener as () => void)
    return () => this.#emitter.off(event, listener as () => void)
  }
}
