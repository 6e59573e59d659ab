import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCsv } from './csv-model.ts'

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`

test('rows that were written come back, whatever is in their fields', () => {
  const rows = fc.array(fc.array(fc.string({ unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)) }), { minLength: 2, maxLength: 5 }), { minLength: 1 })
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (given, end) => {
      const header = ['a', 'b']
      expect(parseCsv([header, ...given].map((row) => row.map(quote).join(',')).join(end))).toEqual([header, ...given])
    }),
  )
})

test('tabs, semicolons, a mark at the beginning, and a last row cut off', () => {
  expect(parseCsv('\ufeffa\tb\n1\t2\n')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
  expect(parseCsv('a;b\n1;"x')).toEqual([
    ['a', 'b'],
    ['1', 'x'],
  ])
  expect(parseCsv('a,b\n1,')).toEqual([
    ['a', 'b'],
    ['1', ''],
  ])
})
