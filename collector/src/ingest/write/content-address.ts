import { hash } from 'node:crypto'
import type { ContentRow } from '@cairn/clickhouse'
import type { JsonValue } from '@cairn/sdk/protocol'
import type { Message } from '../map/messages.ts'
import { cutElements, separatorOf } from './cut-elements.ts'
import { RecentWindow } from './recent-window.ts'

export interface Address {
  readonly form: '' | 'messages' | 'value'
  readonly hashes: readonly string[]
  /** The attribute that can be made of its texts again. */
  readonly sent?: Sent
}

/** A list of its texts with something between them, its one text, or the text whose JSON that is. */
export type Sent = { readonly text: string } & ({ readonly as: 'list'; readonly separator: string } | { readonly as: 'json' | 'string' })

interface Content {
  readonly messages: Message[] | null
  readonly value: JsonValue | undefined
  /** The attribute that it is from, where that is a text. */
  readonly sent: string | undefined
}

const NOTHING: Address = { form: '', hashes: [] }
const REMEMBERED_CONTENTS = 100_000
/** What was stored longer ago is stored again: retention deletes texts, at the earliest after a day, and tells nobody. */
const REMEMBERED_MS = 12 * 3_600_000

/** Contents of spans, each once in its scope: a conversation sends its messages again with every turn. */
export class ContentCollector {
  private readonly stored = new RecentWindow(REMEMBERED_CONTENTS)
  private fresh: ContentRow[] = []
  private forgottenAtMs = 0

  /** To be called before a block is made. */
  begin(nowMs: number): void {
    if (nowMs - this.forgottenAtMs > REMEMBERED_MS) this.forget(nowMs)
  }

  /** What was added and is not stored yet. */
  take(): ContentRow[] {
    const { fresh } = this
    this.fresh = []
    return fresh
  }

  /** To be called where what was taken was not stored. */
  forget(nowMs = Date.now()): void {
    this.stored.clear()
    this.fresh = []
    this.forgottenAtMs = nowMs
  }

  /**
   * A list of messages is stored message by message: those that a conversation repeats are there already. As they were sent, where that
   * is known: so the attribute that they are from need not be stored again.
   */
  addEither(projectId: string, scopeId: string, { messages, value, sent }: Content): Address {
    if (messages === null) return value === undefined ? NOTHING : this.addValue(projectId, scopeId, value, sent)
    const pieces = sent === undefined ? [] : cutElements(sent, 0)
    const separator = separatorOf(pieces)
    if (sent === undefined || separator === undefined || pieces.length !== messages.length * 2 + 1 || !sent.isWellFormed())
      return { form: 'messages', hashes: messages.map((message) => this.add(projectId, scopeId, message)) }
    const hashes = messages.map((_, i) => this.addText(projectId, scopeId, pieces[i * 2 + 1] ?? ''))
    return { form: 'messages', hashes, sent: { text: sent, as: 'list', separator } }
  }

  private addValue(projectId: string, scopeId: string, value: JsonValue, sent: string | undefined): Address {
    const text = JSON.stringify(value)
    const address = { form: 'value', hashes: [this.addText(projectId, scopeId, text)] } as const
    if (sent === undefined || (value !== sent && text !== sent)) return address
    return { ...address, sent: { text: sent, as: value === sent ? 'string' : 'json' } }
  }

  /** Gives the hash; empty for nothing. */
  add(projectId: string, scopeId: string, value: JsonValue | undefined): string {
    return value === undefined ? '' : this.addText(projectId, scopeId, JSON.stringify(value))
  }

  /** Gives the hash of a text, which is well-formed. */
  addText(projectId: string, scopeId: string, text: string): string {
    const address = hash('sha256', text, 'hex').slice(0, 32)
    if (this.stored.add(projectId + address + scopeId)) this.fresh.push({ project_id: projectId, scope_id: scopeId, hash: address, text })
    return address
  }
}
