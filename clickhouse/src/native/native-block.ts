import { ByteWriter } from './byte-writer.ts'
import { makeColumn, type NativeType, type NativeValues } from './columns.ts'

/** The columns of a table that are inserted, each with its type. */
export type NativeSchema = Readonly<Record<string, NativeType>>

/** A row for such a table. */
export type NativeRow<S extends NativeSchema> = { readonly [K in keyof S]: NativeValues[S[K]] }

/** Rows in ClickHouse's Native format: column by column, which the engine takes without parsing. */
export class NativeEncoder<S extends NativeSchema> {
  private readonly columns: readonly { readonly name: string; readonly column: ReturnType<typeof makeColumn> }[]
  private readonly head = new ByteWriter()

  constructor(schema: S) {
    this.columns = Object.entries(schema).map(([name, type]) => ({ name, column: makeColumn(type) }))
  }

  /** One block: column count, row count, and of each column its name, type and values. A copy: the encoder can be used again. */
  encode(rows: readonly NativeRow<S>[]): Buffer {
    const parts: Buffer[] = []
    const take = (write: () => void) => {
      this.head.clear()
      write()
      parts.push(Buffer.from(this.head.bytes))
    }
    take(() => {
      this.head.varint(this.columns.length)
      this.head.varint(rows.length)
    })
    for (const { name, column } of this.columns) {
      for (const row of rows) column.push(row[name])
      take(() => {
        this.head.text(name)
        this.head.text(column.type)
      })
      parts.push(...column.parts)
    }
    const block = Buffer.concat(parts)
    for (const { column } of this.columns) column.clear()
    return block
  }
}
