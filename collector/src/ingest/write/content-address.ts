import { hash } from 'node:crypto'
import type { ContentRow } from '@cairn/clickhouse'
import type { JsonValue } from '@cairn/sdk/protocol'
import type { Message } from '../map/messages.ts'

export interface Address {
  readonly form: '' | 'messages' | 'value'
  readonly hashes: string[]
}

const NOTHING: Address = { form: '', hashes: [] }

/** Contents of one insert, each once in its scope. */
export class ContentCollector {
  private readonly rows = new Map<string, ContentRow>()

  get all(): IterableIterator<[key: string, row: ContentRow]> {
    return this.rows.entries()
  }

  /** A list of messages is stored message by message: those that a conversation repeats are there already. */
  addEither(projectId: string, scopeId: string, content: { messages: Message[] | null; value: JsonValue | undefined }): Address {
    if (content.messages !== null)
      return { form: 'messages', hashes: content.messages.map((message) => this.add(projectId, scopeId, message)) }
    return content.value === undefined ? NOTHING : { form: 'value', hashes: [this.add(projectId, scopeId, content.value)] }
  }

  /** Gives the hash; empty for nothing. */
  add(projectId: string, scopeId: string, value: JsonValue | undefined): string {
    if (value === undefined) return ''
    const text = JSON.stringify(value)
    const address = hash('sha256', text, 'hex').slice(0, 32)
    this.rows.set(`${projectId}${address}${scopeId}`, { project_id: projectId, scope_id: scopeId, hash: address, text })
    return address
  }
}
