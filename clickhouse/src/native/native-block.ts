import { ByteWriter } from './byte-writer.ts'
import { makeColumn, type NativeType, type NativeValues } from './columns.ts'

/** The columns of a table that are inserted, each with its type. */
export type NativeSchema = Readonly<Record<string, NativeType>>

/** A row for such a table. */
export type NativeRow<S extends NativeSchema> = { readonly [K in keyof S]: NativeValues[S[K]] }

/** A value for each row, in their order. */
export interface LateColumn {
  readonly name: string
  readonly type: NativeType
  readonly values: readonly unknown[]
}

/** Builds blocks of ClickHouse's Native format: column by column, which the engine takes without parsing. */
export class NativeEncoder<S extends NativeSchema> {
  private readonly columns: readonly { readonly name: string; readonly column: ReturnType<typeof makeColumn> }[]
  private readonly head = new ByteWriter()
  private rows = 0

  constructor(schema: S) {
    this.columns = Object.entries(schema).map(([name, type]) => ({ name, column: makeColumn(type) }))
  }

  get size(): number {
    return this.rows
  }

  /** Rows are written at once and not kept. In portions of about a hundred: column after column is what is fast. */
  add(rows: readonly NativeRow<S>[]): void {
    for (const { name, column } of this.columns) for (const row of rows) column.push(row[name])
    this.rows += rows.length
  }

  /**
   * The block of all that was added, and of columns whose values are known only now: column count, row count, and of each column
   * its name, type and values. Begins the next one.
   */
  take(late: readonly LateColumn[] = []): Buffer {
    const parts: Buffer[] = []
    const write = (fill: (head: ByteWriter) => void): void => {
      this.head.clear()
      fill(this.head)
      parts.push(Buffer.from(this.head.bytes))
    }
    const lateColumns = late.map(({ name, type, values }) => {
      const column = makeColumn(type)
      for (const value of values) column.push(value)
      return { name, column }
    })
    write((head) => {
      head.varint(this.columns.length + late.length)
      head.varint(this.rows)
    })
    for (const { name, column } of [...this.columns, ...lateColumns]) {
      write((head) => {
        head.text(name)
        head.text(column.type)
      })
      parts.push(...column.parts)
    }
    const block = Buffer.concat(parts)
    this.reset()
    return block
  }

  /** Drops what was added. */
  reset(): void {
    for (const { column } of this.columns) column.clear()
    this.rows = 0
  }
}
