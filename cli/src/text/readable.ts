import { escapeLine } from './escape.ts'

export interface ReadableLimits {
  /** Of one text. */
  readonly textChars: number
  /** Of all. */
  readonly chars: number
}

const SHORT = 80
const MOST_DEPTH = 12
const MOST_NAME = 200
const TEXT_TYPES = new Set(['text', 'input_text', 'output_text'])

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A value for a person to read: texts with their own line ends and without JSON's escapes, messages under who said them. Not escaped for
 * the terminal yet, but for names: these are one line.
 */
export function toReadable(value: unknown, limits: ReadableLimits): string {
  const writer = new Writer(limits)
  writer.write(value, '', 0)
  return writer.text()
}

class Writer {
  readonly #limits: ReadableLimits
  readonly #lines: string[] = []
  #left: number
  #isCut = false

  constructor(limits: ReadableLimits) {
    this.#limits = limits
    this.#left = limits.chars
  }

  text(): string {
    return [...this.#lines, ...(this.#isCut ? ['… and more: --full shows all of it'] : [])].join('\n')
  }

  /** `head`: what stands before it on its first line, which is `depth` levels deep. */
  write(value: unknown, head: string, depth: number): void {
    if (this.#left <= 0) {
      this.#isCut = true
      return
    }
    if (typeof value === 'string') this.#writeText(value, head, depth)
    else if (isFields(value) && typeof value.role === 'string') this.#writeMessage(value, depth)
    else if (typeof value !== 'object' || value === null || depth >= MOST_DEPTH || isShort(value))
      this.#writeText(JSON.stringify(value) ?? 'none', head, depth)
    else {
      const inner = head === '' ? depth : depth + 1
      if (head !== '') this.#line(head.trimEnd(), depth)
      if (Array.isArray(value))
        for (const item of value) this.write(item, isFields(item) && typeof item.role === 'string' ? '' : '- ', inner)
      else for (const [name, item] of Object.entries(value)) this.write(item, `${nameOf(name)}: `, inner)
    }
  }

  #writeMessage(message: Fields, depth: number): void {
    const { role, content, parts, tool_calls: calls, ...more } = message
    if (this.#lines.length > 0) this.#line('', 0)
    this.#line(`${nameOf(String(role))}:`, depth)
    for (const part of [content, parts, calls].flat()) if (part !== undefined && part !== null) this.#writePart(part, depth + 1)
    for (const [name, item] of Object.entries(more)) if (item !== null) this.write(item, `${nameOf(name)}: `, depth + 1)
  }

  #writePart(part: unknown, depth: number): void {
    if (!isFields(part)) {
      this.write(part, '', depth)
      return
    }
    const text = [part.text, part.content].find((one) => typeof one === 'string')
    const type = typeof part.type === 'string' ? part.type : 'text'
    const called = isFields(part.function) ? part.function : part
    const given = called.arguments ?? called.input
    if (text !== undefined && TEXT_TYPES.has(type)) this.write(text, '', depth)
    else if (typeof called.name === 'string' && given !== undefined)
      this.#writeText(`${called.name}(${typeof given === 'string' ? given : JSON.stringify(given)})`, '→ ', depth)
    else this.write(part, '- ', depth)
  }

  #writeText(text: string, head: string, depth: number): void {
    const room = Math.min(this.#limits.textChars, Math.max(0, this.#left))
    const kept = text.length <= room ? text : cutText(text, room)
    const lines = kept.split(/\r\n|\n/)
    if (lines.length === 1) this.#line(`${head}${kept}`, depth)
    else {
      if (head !== '') this.#line(head.trimEnd(), depth)
      for (const line of lines) this.#line(line, head === '' ? depth : depth + 1)
    }
    if (kept.length < text.length)
      this.#line(`… ${(text.length - kept.length).toLocaleString('en')} more characters: --full shows them`, depth)
  }

  #line(line: string, depth: number): void {
    this.#lines.push(`${'  '.repeat(depth)}${line}`.trimEnd())
    this.#left -= line.length + 1
  }
}

const nameOf = (name: string): string => escapeLine(cutText(name, MOST_NAME))

/** No character is halved. */
const cutText = (text: string, chars: number): string => text.slice(0, chars).replace(/[\ud800-\udbff]$/, '')

/** A few numbers or words: they stand on one line. What has line ends does not. */
function isShort(value: object): boolean {
  const items = Object.values(value)
  if (items.some((item) => (typeof item === 'object' && item !== null) || (typeof item === 'string' && /[\n"\\]/.test(item)))) return false
  return items.length === 0 || (items.length <= 20 && JSON.stringify(value).length <= SHORT && Array.isArray(value))
}
