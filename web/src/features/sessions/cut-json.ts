const LITERAL = /[^\s,\]}]+/y
const SPACE = /\s*/y

/**
 * What a JSON text that was cut off somewhere says up to there: texts, lists and objects end where it does, a name without a value and
 * half a number are left out. Undefined: it is no JSON.
 */
export function parseCutJson(text: string): unknown {
  try {
    return new CutJson(text).read()
  } catch {
    return undefined
  }
}

class CutJson {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Undefined: the text ended before it. What is stored is nested some hundred levels at most: recursion has room. */
  read(): unknown {
    const first = this.#peek()
    if (first === '"') return this.#string().value
    if (first === '[') return this.#list()
    if (first === '{') return this.#object()
    const literal = this.#match(LITERAL)
    if (literal === '' && !this.#isAtEnd()) throw new SyntaxError('no value')
    return this.#isAtEnd() ? undefined : JSON.parse(literal)
  }

  #list(): unknown[] {
    const list: unknown[] = []
    this.#at++
    while (!this.#ends(']')) {
      const value = this.read()
      if (value !== undefined) list.push(value)
    }
    return list
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = []
    this.#at++
    while (!this.#ends('}')) {
      const name = this.#string()
      if (!name.isWhole || this.#peek() === '') break
      if (this.#peek() !== ':') throw new SyntaxError('no colon')
      this.#at++
      const value = this.read()
      if (value !== undefined) entries.push([name.value, value])
    }
    return Object.fromEntries(entries)
  }

  /** Goes past a comma, or past the end of a list or an object. */
  #ends(close: string): boolean {
    if (this.#peek() === ',') this.#at++
    const next = this.#peek()
    if (next === close) this.#at++
    return next === close || next === ''
  }

  #string(): { value: string; isWhole: boolean } {
    if (this.#peek() !== '"') throw new SyntaxError('no string')
    const from = this.#at + 1
    let end = from
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1
    const isWhole = end < this.#text.length
    this.#at = end + 1
    let raw = this.#text.slice(from, end)
    // Of an escape only a part may be there: \ or \u12. A backslash before it would be escaped by another one.
    if (!isWhole) raw = raw.replace(/(?<!\\)((?:\\\\)*)\\(?:u[\da-f]{0,3})?$/i, '$1')
    const value: string = JSON.parse(`"${raw}"`)
    return { value: isWhole ? value : value.replace(/[\ud800-\udbff]$/, ''), isWhole }
  }

  #peek(): string {
    this.#match(SPACE)
    return this.#text[this.#at] ?? ''
  }

  #isAtEnd = () => this.#at >= this.#text.length

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
