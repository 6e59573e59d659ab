import { describe, expect, it } from 'vitest'
import { insertFromFile, readStatement } from './statement.ts'

describe('what the front must know of a statement', () => {
  it.each([
    ['SELECT 1', 'read', null],
    ['-- why\n/* what */ WITH 1 AS x SELECT x FORMAT JSON;', 'read', 'JSON'],
    ['(SELECT 1) UNION ALL (SELECT 2) FORMAT CSV SETTINGS max_threads = 1', 'read', 'CSV'],
    ["SELECT 'FORMAT JSON'", 'read', null],
    ['insert into t (a) FORMAT JSONEachRow', 'insert', 'JSONEachRow'],
    ['CREATE TABLE t (a Int8) ENGINE = Memory', 'other', null],
    ['KILL QUERY WHERE 1', 'other', null],
  ])('%s', (sql, kind, format) => {
    expect(readStatement(sql)).toMatchObject({ kind, format })
  })

  it('reads the rows of an insert from a file, settings kept in their place', () => {
    const statement = readStatement('INSERT INTO t (a, b) SETTINGS async_insert=0 FORMAT Native')
    expect(insertFromFile(statement, "/tmp/it's")?.replace(/\s+/g, ' ')).toBe(
      "INSERT INTO t (a, b) FROM INFILE '/tmp/it\\'s' SETTINGS async_insert=0 FORMAT Native",
    )
  })
})
