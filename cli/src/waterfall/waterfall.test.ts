import type { SpanSummary } from '@cairn/sdk/protocol'
import { NO_COST, NO_USAGE } from '@cairn/sdk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../text/style.ts'
import { widthOf } from '../text/width.ts'
import { buildRows, type Row, toMs } from './build-rows.ts'
import { barOf, drawWaterfall } from './draw.ts'
import { selectRows } from './select-rows.ts'
import { makeTimeAxis } from './time-axis.ts'

const T0 = Date.parse('2026-11-25T10:00:00Z')
const idOf = (n: number) => n.toString(16).padStart(16, '0')

function span(n: number, parent: number | null, [from, to]: readonly [number, number], more: Partial<SpanSummary> = {}): SpanSummary {
  return {
    traceId: '0'.repeat(32),
    spanId: idOf(n),
    parentSpanId: parent === null ? null : idOf(parent),
    name: `span ${n}`,
    kind: 'step',
    startTime: new Date(T0 + from).toISOString(),
    endTime: new Date(T0 + to).toISOString(),
    durationNs: String((to - from) * 1e6),
    status: 'ok',
    agent: '',
    agentVersion: '',
    provider: '',
    model: '',
    modelRequest: '',
    modelResponse: '',
    operation: '',
    toolName: '',
    toolCallId: '',
    finishReasons: [],
    usage: NO_USAGE,
    cost: NO_COST,
    priceId: '',
    billable: false,
    saved: null,
    timeToFirstTokenMs: null,
    sessionId: '',
    userId: '',
    tags: [],
    environment: '',
    service: '',
    serviceVersion: '',
    runId: '',
    execution: 0,
    stepKey: '',
    errorType: '',
    errorMessage: '',
    errorGroup: '',
    interrupted: false,
    inputPreview: '',
    outputPreview: '',
    ...more,
  } as SpanSummary
}

const spans = fc
  .array(
    fc.record({
      parent: fc.option(fc.integer({ min: 0, max: 60 })),
      from: fc.integer({ min: 0, max: 100_000 }),
      length: fc.integer({ min: -5, max: 20_000 }),
      bad: fc.boolean(),
      name: fc.string({ unit: 'binary', maxLength: 30 }),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ parent, from, length, bad, name }, n) => span(n, parent, [from, from + length], { name, status: bad ? 'error' : 'ok' })),
  )
const rowsOf = (all: SpanSummary[]) => buildRows({ spans: all, open: [] }, { checkpoints: new Set(), now: T0 })

describe('the time axis', () => {
  const intervals = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 0, max: 1e6 })).map(([from, length]) => [from, from + length] as const),
  )

  it('never puts a later time before an earlier one, and stays within 0 to 1', () => {
    fc.assert(
      fc.property(intervals, fc.array(fc.integer({ min: -1000, max: 2e7 })), (all, times) => {
        const axis = makeTimeAxis(all)
        const places = [...times].sort((a, b) => a - b).map((ms) => axis.at(ms))
        for (const [i, place] of places.entries()) {
          expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? 0)
          expect(place).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('folds the time between a crash and a resume', () => {
    const axis = makeTimeAxis([
      [0, 4_000],
      [7_204_000, 7_208_000],
    ])
    expect(axis.stretches.map(({ folded }) => folded)).toEqual([false, true, false])
    expect(axis.at(4_000)).toBeGreaterThan(0.4)
  })
})

describe('rows', () => {
  it('hold every span once, children after their parents, whatever was sent', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const rows = rowsOf(all)
        expect(rows.map((row) => row.spanId).sort()).toEqual(all.map(({ spanId }) => spanId).sort())
        for (const [i, row] of rows.entries()) {
          expect(row.toMs).toBeGreaterThanOrEqual(row.fromMs)
          if (i > 0) expect(row.depth).toBeLessThanOrEqual((rows[i - 1]?.depth ?? 0) + 1)
        }
      }),
    )
  })

  it('take nanoseconds', () => expect(toMs('2026-11-25T10:00:00.123456789Z') - T0).toBeCloseTo(123.456789, 3))

  it('survive ten thousand levels', () => {
    const rows = rowsOf(Array.from({ length: 10_000 }, (_, n) => span(n, n === 0 ? null : n - 1, [0, 10])))
    expect(rows.at(-1)?.depth).toBe(9_999)
    expect(drawWaterfall(rows, selectRows(rows, 50), { columns: 80, style: PLAIN }).every((line) => widthOf(line) <= 80)).toBe(true)
  })
})

describe('which rows are shown', () => {
  it('is at most the limit, in order, with all others counted, and failures first', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 30 }), (all, limit) => {
        const rows = rowsOf(all)
        const shown = selectRows(rows, limit)
        const kept = shown.flatMap((item) => ('row' in item ? [item.row] : []))
        const hidden = shown.reduce((sum, item) => sum + ('hidden' in item ? item.hidden : 0), 0)
        expect(kept.length).toBe(Math.min(limit, rows.length))
        expect(kept.length + hidden).toBe(rows.length)
        expect(kept.map((row) => rows.indexOf(row))).toEqual(kept.map((row) => rows.indexOf(row)).sort((a, b) => a - b))
        const bad = rows.filter((row) => row.outcome === 'error')
        if (kept.some((row) => row.outcome === 'ok' && row.children === 0)) for (const row of bad) expect(kept).toContain(row)
      }),
    )
  })
})

describe('drawing', () => {
  it('fits the terminal, whatever the names', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 24, max: 200 }), (all, columns) => {
        const rows = rowsOf(all)
        for (const line of drawWaterfall(rows, selectRows(rows, 40), { columns, style: PLAIN }))
          expect(widthOf(line)).toBeLessThanOrEqual(columns)
      }),
    )
  })

  it('gives each bar at least a column, within the axis', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 100 }), (all, bars) => {
        const rows = rowsOf(all)
        const axis = makeTimeAxis(rows.map((row) => [row.fromMs, row.toMs]))
        for (const row of rows) {
          const { from, to } = barOf(row, axis, bars)
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(bars)
        }
      }),
    )
  })

  it('shows both executions with the gap between, what was cut off, and what has a checkpoint', () => {
    const all = [
      span(1, null, [0, 4_000], { kind: 'agent', execution: 1, interrupted: true, name: 'research' }),
      span(2, 1, [0, 3_000], { stepKey: 'plan', model: 'gpt-5', billable: true, cost: { total: '0.5', parts: {}, priced: true } }),
      span(3, 1, [3_000, 4_000], { stepKey: 'check', interrupted: true }),
      span(4, null, [3_604_000, 3_608_000], { kind: 'agent', execution: 2, name: 'research' }),
      span(5, 4, [3_604_000, 3_606_000], { stepKey: 'check' }),
    ]
    const rows: Row[] = buildRows({ spans: all, open: [] }, { checkpoints: new Set([idOf(2), idOf(5)]), now: T0 })
    expect(drawWaterfall(rows, selectRows(rows, 100), { columns: 76, style: PLAIN })).toMatchInlineSnapshot(`
      [
        "                              time       cost  0       1 h 00 m gap 1 h 00 m",
        "▒ execution 1 · research    4.00 s             ▒▒▒▒▒▒▒▒▒▒▒▒▒▒┊",
        "  ◆ plan gpt-5              3.00 s    $0.5000  ███████████   ┊",
        "  ▒ check                   1.00 s                       ▒▒▒▒┊",
        "· execution 2 · research    4.00 s                           ┊━━━━━━━━━━━━━━",
        "  ◆ check                   2.00 s                           ┊████████",
      ]
    `)
  })
})
