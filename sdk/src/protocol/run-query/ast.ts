import type { RunQueryField } from './fields.ts'

/** From and to, in characters of the query; `to` is exclusive. */
export type Place = readonly [from: number, to: number]

/** A number, duration, amount or time as it was written, and what it means in the field's own unit. */
export interface Operand {
  readonly text: string
  /** Decimal text: milliseconds, US dollars, a count, or an age in milliseconds; RFC 3339 where `isTime`. */
  readonly value: string
  readonly isTime: boolean
}

export type QueryValue =
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly type: 'compare'; readonly op: '<' | '<=' | '>' | '>=' | '='; readonly operand: Operand }
  | { readonly type: 'between'; readonly from: Operand; readonly to: Operand }

export type QueryTerm =
  | {
      readonly type: 'field'
      readonly field: RunQueryField
      readonly negated: boolean
      /** Alternatives. */
      readonly values: readonly QueryValue[]
      readonly place: Place
    }
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean; readonly negated: boolean; readonly place: Place }

export interface QueryError {
  readonly place: Place
  /** What is wrong. */
  readonly message: string
  /** What to write instead. */
  readonly remedy: string
}

export interface RunQuery {
  readonly terms: readonly QueryTerm[]
  readonly errors: readonly QueryError[]
}
