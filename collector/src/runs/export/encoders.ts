import { stringify } from 'csv-stringify/sync'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { escapeFormula } from '../../http/csv.ts'
import { EXPORT_COLUMNS, type ExportedRun } from './export-row.ts'

/** Makes a file of pages of runs, as they come. */
export interface Encoder {
  page(runs: readonly ExportedRun[]): Uint8Array | string
  end(): Uint8Array | string
}

export const jsonlEncoder = (): Encoder => ({
  page: (runs) => runs.map((run) => `${JSON.stringify(run)}\n`).join(''),
  end: () => '',
})

export function csvEncoder(): Encoder {
  let isFirst = true
  const header = () => {
    const row = isFirst ? [EXPORT_COLUMNS.map(({ name }) => name)] : []
    isFirst = false
    return row
  }
  const write = (rows: readonly (readonly string[])[]) => stringify([...header(), ...rows], { record_delimiter: 'windows' })
  const cell = (value: string | bigint | Date | null) =>
    value === null ? '' : escapeFormula(value instanceof Date ? value.toISOString() : String(value))
  return {
    page: (runs) => write(runs.map((run) => EXPORT_COLUMNS.map(({ of }) => cell(of(run))))),
    end: () => (isFirst ? write([]) : ''),
  }
}

/** What one row group holds at most: rows, and characters of their values. */
const GROUP = { rows: 2_000, chars: 8_000_000 } as const

/** What is written is handed on group by group, so that one group is all that memory holds. */
export function parquetEncoder(): Encoder {
  const bytes = new ByteWriter()
  const take = () => {
    const chunk = bytes.getBytes().slice()
    bytes.index = 0
    return chunk
  }
  const schema = [
    { name: 'root', num_children: EXPORT_COLUMNS.length },
    ...EXPORT_COLUMNS.map(({ name, type }) => {
      const repetition_type = 'OPTIONAL' as const
      if (type === 'INT64') return { name, type: 'INT64' as const, repetition_type }
      if (type === 'TIMESTAMP') return { name, type: 'INT64' as const, converted_type: 'TIMESTAMP_MILLIS' as const, repetition_type }
      return { name, type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type }
    }),
  ]
  const writer = new ParquetWriter({ writer: bytes, schema })
  let rows: ReturnType<(typeof EXPORT_COLUMNS)[number]['of']>[][] = []
  let chars = 0
  const writeGroup = () => {
    if (rows.length === 0) return
    const columnData = EXPORT_COLUMNS.map(({ name }, i) => ({ name, data: rows.map((row) => row[i] ?? null), offsetIndex: false }))
    // A promise only with a writer that waits; this one keeps bytes.
    void writer.write({ columnData, rowGroupSize: rows.length })
    rows = []
    chars = 0
  }
  return {
    page: (runs) => {
      for (const run of runs) {
        const row = EXPORT_COLUMNS.map(({ of }) => of(run))
        rows.push(row)
        for (const cell of row) chars += typeof cell === 'string' ? cell.length : 8
        if (rows.length >= GROUP.rows || chars >= GROUP.chars) writeGroup()
      }
      return take()
    },
    end: () => {
      writeGroup()
      void writer.finish()
      return take()
    },
  }
}
