/** Words, each with one number, in the order of their first use. */
export class WordList {
  readonly #numbers = new Map<string, number>()

  get words(): readonly string[] {
    return [...this.#numbers.keys()]
  }

  numberOf(word: string): number {
    const known = this.#numbers.get(word)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(word, number)
    return number
  }
}
