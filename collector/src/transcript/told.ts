/**
 * What of a conversation has been told. A model gets the history again with each call: its nth "yes" is new only if fewer were told.
 */
export class Told {
  readonly #counts = new Map<string, number>()
  #system = ''

  /** For each message of a call's input whether it is new; from then on it is told. */
  add(input: readonly string[]): boolean[] {
    const seen = new Map<string, number>()
    return input.map((hash) => {
      const count = (seen.get(hash) ?? 0) + 1
      seen.set(hash, count)
      const isNew = count > (this.#counts.get(hash) ?? 0)
      if (isNew) this.#counts.set(hash, count)
      return isNew
    })
  }

  /** Instructions apart from the messages are told where they change. */
  isNewSystem(system: string): boolean {
    const isNew = system !== '' && system !== this.#system
    this.#system = system
    return isNew
  }

  /** Answers are new whatever was said before. */
  addAnswer(output: readonly string[]): void {
    for (const hash of output) this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1)
  }
}
