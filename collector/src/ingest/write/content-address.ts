import { hash } from 'node:crypto'
import type { ContentRow } from '@cairn/clickhouse'
import type { JsonValue } from '@cairn/sdk/protocol'
import type { Message } from '../map/messages.ts'
import { RecentWindow } from './recent-window.ts'

export interface Address {
  readonly form: '' | 'messages' | 'value'
  readonly hashes: string[]
}

const NOTHING: Address = { form: '', hashes: [] }
const REMEMBERED_CONTENTS = 100_000

/** Contents of spans, each once in its scope: a conversation sends its messages again with every turn. */
export class ContentCollector {
  private readonly stored = new RecentWindow(REMEMBERED_CONTENTS)
  private fresh: ContentRow[] = []

  /** What was added and is not stored yet. */
  take(): ContentRow[] {
    const { fresh } = this
    this.fresh = []
    return fresh
  }

  /** To be called where what was taken was not stored. */
  forget(): void {
    this.stored.clear()
    this.fresh = []
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
    if (this.stored.add(projectId + address + scopeId)) this.fresh.push({ project_id: projectId, scope_id: scopeId, hash: address, text })
    return address
  }
}
