import type { LogPosition } from '../log/position.ts'

/** What the thread that writes is given when it begins. */
export interface WriterData {
  readonly folder: string
  readonly clickhouseUrl: string
  readonly clickhouseCluster: string | undefined
  readonly databaseUrl: string
}

export type ToWriter =
  | { readonly type: 'advance'; readonly end: LogPosition; readonly urgent: boolean }
  /** Stops after the insert that is under way. */
  | { readonly type: 'close' }

export type FromWriter =
  /** It has read what was written before. */
  | { readonly type: 'opened'; readonly written: LogPosition }
  | { readonly type: 'written'; readonly position: LogPosition }
  | { readonly type: 'failing'; readonly isFailing: boolean }
  | { readonly type: 'log'; readonly level: 'warn' | 'error'; readonly details: object; readonly message: string }
