import type { TranscriptItem } from '@cairn/sdk/protocol'
import { attemptOf } from './attempt'
import { isCallPart, isResultPart, type Part, resultField, resultOf, textOf } from './content-model'

type Tool = Extract<TranscriptItem, { type: 'tool' }>
type Call = Extract<TranscriptItem, { type: 'call' }>

/** A line of the transcript: a mark, a message, a tool's call with its result, or what a model call was. */
export type Line = {
  readonly key: string
  readonly item: TranscriptItem
  /** Which attempt of its step it is, where there was more than one. */
  readonly attempt?: number
} & (
  | { readonly type: 'mark' }
  | {
      readonly type: 'message'
      readonly role: string
      readonly parts: readonly Part[]
      /** JSON pointer to the message whose parts these are; empty: some of them are shown elsewhere, and their numbers don't count. */
      readonly at: string
      /** The same, whichever of its parts are shown. */
      readonly within: string
    }
  | { readonly type: 'call' }
  | { readonly type: 'tool'; readonly name: string; readonly input: Placed; readonly result: Result | null }
  | { readonly type: 'documents' }
)

export interface Placed {
  readonly value: unknown
  /** JSON pointer to it in the span of `item`. */
  readonly at: string
}

export interface Result extends Placed {
  readonly item: TranscriptItem
}

const idOf = (part: Part) => (typeof part.id === 'string' && part.id !== '' ? part.id : null)

/** The lines of a transcript: a tool's call, its span and its result, which came in three places, are one line, joined by id. */
export function toLines(items: readonly TranscriptItem[]): Line[] {
  const toolSpans = new Map<string, Tool>()
  const results = new Map<string, Result>()
  const called = new Set<string>()
  for (const item of items) {
    if (item.type === 'tool' && item.span.toolCallId !== '') toolSpans.set(item.span.toolCallId, item)
    if (item.type !== 'call') continue
    for (const message of [...item.added, ...item.output])
      for (const [i, part] of (message.parts as Part[]).entries()) {
        const id = idOf(part)
        if (id === null) continue
        if (isCallPart(part)) called.add(id)
        else if (isResultPart(part) && !results.has(id))
          results.set(id, { item, value: resultOf(part), at: `${message.at}/parts/${i}/${resultField(part)}` })
      }
  }
  const lines: Line[] = []
  for (const item of items) {
    const key = `${item.span.spanId} ${item.type}`
    if (item.type === 'call') pushCall(lines, item, { toolSpans, results, called })
    else if (item.type !== 'tool') lines.push({ key, item, type: item.type === 'documents' ? 'documents' : 'mark' })
    else if (!called.has(item.span.toolCallId)) {
      const result = { item, value: item.output, at: '/output' }
      lines.push({
        key,
        item,
        type: 'tool',
        name: item.span.toolName || item.span.name,
        input: { value: item.input, at: '/input' },
        result,
      })
    }
  }
  return withAttempts(lines, items)
}

function withAttempts(lines: readonly Line[], items: readonly TranscriptItem[]): Line[] {
  const byStep = Map.groupBy(items, ({ span }) => `${span.runId} ${span.execution} ${span.stepKey}`)
  const attempts = new Map<string, number>()
  for (const { span } of items) {
    const attempt = span.stepKey === '' ? null : attemptOf(span.name)
    const siblings = byStep.get(`${span.runId} ${span.execution} ${span.stepKey}`) ?? []
    if (attempt !== null && siblings.some((other) => (attemptOf(other.span.name)?.attempt ?? 1) > 1))
      attempts.set(span.spanId, attempt.attempt)
  }
  return lines.map((line) => {
    const attempt = attempts.get(((line.type === 'tool' ? line.result?.item : null) ?? line.item).span.spanId)
    return attempt === undefined || line.type === 'message' ? line : { ...line, attempt }
  })
}

interface Joined {
  readonly toolSpans: ReadonlyMap<string, Tool>
  readonly results: ReadonlyMap<string, Result>
  readonly called: ReadonlySet<string>
}

function pushCall(lines: Line[], item: Call, joined: Joined): void {
  const key = item.span.spanId
  if (item.system !== null)
    lines.push({
      key: `${key} system`,
      item,
      type: 'message',
      role: 'system',
      parts: systemParts(item.system),
      at: '/system',
      within: '/system',
    })
  for (const message of item.added) pushMessage(lines, item, message, joined)
  lines.push({ key: `${key} call`, item, type: 'call' })
  for (const message of item.output) pushMessage(lines, item, message, joined)
}

/** Instructions as text parts are those; anything else is one value. */
const systemParts = (system: unknown): Part[] =>
  Array.isArray(system) && system.length > 0 && system.every(isText) ? system : [{ type: 'value', content: system }]

const isText = (part: unknown): part is Part => typeof part === 'object' && part !== null && textOf(part) !== null

/** JSON pointer to a part of a message in its span; undefined: it is not known. */
export function placeOfPart({ at, parts }: { readonly at: string; readonly parts: readonly Part[] }, i: number): string | undefined {
  if (at === '') return undefined
  if (parts[i]?.type === 'value') return at
  return at === '/system' ? `${at}/${i}` : `${at}/parts/${i}`
}

function pushMessage(lines: Line[], item: Call, message: Call['added'][number], { toolSpans, results, called }: Joined): void {
  const parts = message.parts as Part[]
  const key = `${item.span.spanId} ${message.at}`
  const said = parts.filter((part) => !isCallPart(part) && !(isResultPart(part) && called.has(idOf(part) ?? '')))
  if (said.length > 0) {
    const at = said.length === parts.length ? message.at : ''
    lines.push({ key, item, type: 'message', role: message.role, parts: said, at, within: message.at })
  }
  for (const [i, part] of parts.entries()) {
    if (!isCallPart(part)) continue
    const id = idOf(part) ?? ''
    const span = toolSpans.get(id)
    const result = span === undefined ? (results.get(id) ?? null) : { item: span, value: span.output, at: '/output' }
    const input = { value: part.arguments ?? null, at: `${message.at}/parts/${i}/arguments` }
    lines.push({ key: `${key} ${i}`, item, type: 'tool', name: String(part.name ?? ''), input, result })
  }
}

const words = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** What of a line is text, for find and copies. */
export function lineText(line: Line): string {
  if (line.type === 'message') return line.parts.map((part) => textOf(part) ?? words(part)).join('\n')
  if (line.type === 'tool') return toolText(line)
  const { span } = line.item
  if (line.type === 'call') return `${span.model} ${errorText(span)}`
  if (line.item.type === 'documents') return `${words(line.item.input)}\n${words(line.item.output)}`
  return `${markText(line.item)} ${span.errorMessage}`
}

/** Whether some of the line's text was left out when it was sent. */
function isCut(line: Line): boolean {
  if (line.type === 'message') return hasCut(line.item, line.within)
  if (line.type === 'documents') return line.item.cuts.length > 0
  if (line.type !== 'tool') return false
  return hasCut(line.item, line.input.at) || (line.result !== null && hasCut(line.result.item, line.result.at))
}

const hasCut = ({ cuts }: TranscriptItem, place: string) => cuts.some(({ at }) => at === place || at.startsWith(`${place}/`))

export interface FoundLine {
  readonly line: Line
  /** The text isn't in what was sent of it: the server found it in the line's span, of which this line is cut. */
  readonly isBeyond: boolean
}

/** Lines that have a text. `spanIds`: where the server, which reads what was left out too, found it. */
export function findLines(lines: readonly Line[], text: string, spanIds: readonly string[]): FoundLine[] {
  const sought = text.trim().toLowerCase()
  const found = new Set(spanIds)
  return lines.flatMap((line): FoundLine[] => {
    if (sought === '' || lineText(line).toLowerCase().includes(sought)) return [{ line, isBeyond: false }]
    const isOfFound = found.has(line.item.span.spanId) || (line.type === 'tool' && found.has(line.result?.item.span.spanId ?? ''))
    return isOfFound && isCut(line) ? [{ line, isBeyond: true }] : []
  })
}

function toolText({ name, input, result }: Extract<Line, { type: 'tool' }>): string {
  const value = result === null || result.value === null ? '' : `\n→ ${words(result.value)}`
  const error = result?.item.type === 'tool' ? errorText(result.item.span) : ''
  return `${name}(${input.value === null ? '' : words(input.value)})${value}${error === '' ? '' : `\n${error}`}`
}

/** What went wrong, as it is shown. */
export const errorText = ({ errorType, errorMessage }: TranscriptItem['span']): string =>
  [errorType, errorMessage].filter((text) => text !== '').join(': ')

export function markText({ type, span }: TranscriptItem): string {
  if (type === 'execution') return span.execution === 1 ? `${span.agent || span.name} began` : `Resumed: execution ${span.execution}`
  if (type === 'crash') return `Execution ${span.execution} crashed`
  if (type === 'agent') return `Agent ${span.agent || span.name}`
  return `${span.stepKey || span.name} ${span.interrupted ? 'was cut off' : 'failed'}`
}

/** What follows the title of a line that is one attempt of several. */
export const attemptText = ({ attempt }: Line): string => (attempt === undefined ? '' : `, attempt ${attempt}`)

export function toMarkdown(lines: readonly Line[]): string {
  return lines
    .flatMap((line) => {
      if (line.type === 'call') return []
      const title = line.type === 'message' ? line.role : line.type === 'mark' ? markText(line.item) : line.type + attemptText(line)
      return [line.type === 'mark' ? `---\n\n*${title}* ${line.item.span.errorMessage}` : `**${title}**\n\n${lineText(line)}`]
    })
    .join('\n\n')
}
