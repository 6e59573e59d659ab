import type { PricedSpan } from '../map/mapped-span.ts'
import type { Address, ContentCollector } from './content-address.ts'
import { writeSentAttributes } from './sent-attributes.ts'

/** Where the texts of a span lie. */
export interface StoredContents {
  readonly scopeId: string
  readonly input: Address
  readonly output: Address
  /** Hashes; empty: there is none. */
  readonly system: string
  readonly tools: string
  /** JSON of its attributes, without the texts that lie in `contents`. */
  readonly attributes: string
}

/** Contents lie under the session, so that a conversation over many traces stores each message once. */
export function storeContents(projectId: string, span: PricedSpan, contents: ContentCollector): StoredContents {
  const scopeId = span.sessionId === '' ? span.traceId : span.sessionId
  const input = contents.addEither(projectId, scopeId, { messages: span.inputMessages, value: span.input, sent: span.inputSent })
  const output = contents.addEither(projectId, scopeId, { messages: span.outputMessages, value: span.output, sent: span.outputSent })
  return {
    scopeId,
    input,
    output,
    system: contents.add(projectId, scopeId, span.system),
    tools: contents.add(projectId, scopeId, span.toolDefinitions),
    attributes: writeSentAttributes(span.original.attributes, {
      input,
      output,
      addText: (text) => contents.addText(projectId, scopeId, text),
    }),
  }
}
