import { describe, expect, test } from 'vitest'
import { toCsv } from './to-csv.ts'

const report = (rows: Record<string, string | number | boolean | null>[]) => ({
  report: 'cost' as const,
  groupBy: ['model' as const],
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  columns: ['calls', 'cost'],
  rows,
  totals: {},
})

describe('a report as CSV', () => {
  test('has a line of names, then one a row', () => {
    expect(toCsv(report([{ model: 'gpt-4o', calls: 2, cost: '0.00024' }]))).toBe('model,calls,cost\r\ngpt-4o,2,0.00024\r\n')
  })

  test.each(['=1+1', '+1', '-cmd', '@SUM(A1)', '\tx'])('text %j is no formula', (model) => {
    expect(toCsv(report([{ model, calls: 1, cost: null }]))).toContain(`'${model}`)
  })

  test('negative amounts stay numbers, a missing price is empty, and quotes are doubled', () => {
    expect(
      toCsv(
        report([
          { model: 'a "b", c', calls: -1, cost: '-0.5' },
          { model: 'x', calls: 0, cost: null },
        ]),
      ),
    ).toBe('model,calls,cost\r\n"a ""b"", c",-1,-0.5\r\nx,0,\r\n')
  })
})
