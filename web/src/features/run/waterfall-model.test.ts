import { describe, expect, it } from 'vitest'
import type { DrawnSpan } from './drawn-span'
import { createTimeScale } from './time-scale'
import { buildWaterfall, nextError } from './waterfall-model'

const NONE: ReadonlySet<string> = new Set()
const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString()

function span(id: string, parent: string | null, [from, to]: [number, number], more: Partial<DrawnSpan> = {}): DrawnSpan {
  return {
    spanId: id,
    parentSpanId: parent,
    startTime: at(from),
    endTime: at(to),
    status: 'ok',
    kind: 'step',
    execution: 1,
    interrupted: false,
    stepKey: '',
    name: id,
    ...more,
  } as DrawnSpan
}

const build = (spans: DrawnSpan[], collapsed = NONE, nowMs = 0) => buildWaterfall({ spans, checkpoints: NONE, collapsed, nowMs })
const ids = (spans: DrawnSpan[], collapsed = NONE) =>
  build(spans, collapsed).rows.map((row) => `${'.'.repeat(row.depth)}${row.span.spanId}`)

describe('the waterfall’s rows', () => {
  const tree = [
    span('b', 'root', [3, 4]),
    span('root', null, [0, 5], { kind: 'agent' }),
    span('a', 'root', [1, 2]),
    span('a1', 'a', [1, 2]),
  ]

  it('stand in the order of their begin, under their parents', () => {
    expect(ids(tree)).toEqual(['root', '.a', '..a1', '.b'])
  })

  it('leave out what lies under a closed parent', () => {
    expect(ids(tree, new Set(['a']))).toEqual(['root', '.a', '.b'])
  })

  it('take a span whose parent never arrived for a root', () => {
    expect(ids([span('orphan', 'gone', [0, 1])])).toEqual(['orphan'])
  })

  it('survive spans that are each other’s parents', () => {
    expect(ids([span('x', 'y', [0, 1]), span('y', 'x', [0, 1])])).toEqual([])
    expect(ids([span('self', 'self', [0, 1])])).toEqual(['self'])
  })

  it('hold a tree ten thousand deep', () => {
    const deep = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i === 0 ? null : `s${i - 1}`, [0, 1]))
    expect(build(deep).rows).toHaveLength(10_000)
  })

  it('name a step by its key, and what lies in it by its own name', () => {
    const { rows } = build([
      span('s', null, [0, 5], { stepKey: 'plan', name: 'chat gpt' }),
      span('a', 's', [0, 5], { stepKey: 'plan', name: 'attempt 1' }),
    ])
    expect(rows.map((row) => row.label)).toEqual(['plan', 'attempt 1'])
  })

  it('draw what goes on up to now', () => {
    const { rows } = build([span('done', null, [0, 1]), span('on', null, [1, 1], { endTime: null })], NONE, Date.parse(at(9)))
    expect(rows.map((row) => row.toMs)).toEqual([Date.parse(at(1)), Date.parse(at(9))])
    const [fast] = build([span('ahead', null, [5, 5], { endTime: null })], NONE, Date.parse(at(2))).rows
    expect(fast?.toMs).toBe(fast?.fromMs)
  })

  it('mark each execution of a run', () => {
    const { rows } = build([span('e1', null, [0, 5], { kind: 'agent' }), span('e2', null, [60, 65], { kind: 'agent', execution: 2 })])
    expect(rows.map((row) => row.execution)).toEqual([1, 2])
  })

  it('find errors and interrupted spans, going round', () => {
    const { errors } = build([
      span('a', null, [0, 1], { status: 'error' }),
      span('b', null, [1, 2]),
      span('c', null, [2, 3], { interrupted: true }),
    ])
    expect(errors).toEqual([0, 2])
    expect(nextError(errors, 0)).toBe(2)
    expect(nextError(errors, 2)).toBe(0)
    expect(nextError(errors, 0, true)).toBe(2)
    expect(nextError([], 0)).toBeUndefined()
  })
})

describe('the time scale', () => {
  it('draws busy time in proportion', () => {
    const scale = createTimeScale([
      [0, 1_000],
      [500, 2_000],
    ])
    expect(scale.at(0)).toBe(0)
    expect(scale.at(1_000)).toBeCloseTo(0.5)
    expect(scale.at(2_000)).toBe(1)
  })

  it('folds the hours between a crash and its resumption', () => {
    const hour = 3_600_000
    const scale = createTimeScale([
      [0, 1_000],
      [hour, hour + 1_000],
    ])
    const idle = scale.stretches.find((stretch) => stretch.idle)
    expect(idle).toMatchObject({ fromMs: 1_000, toMs: hour })
    expect((idle?.x1 ?? 1) - (idle?.x0 ?? 0)).toBeLessThan(0.1)
    expect(scale.at(hour + 500)).toBeGreaterThan(scale.at(500))
  })

  it('never goes back', () => {
    const scale = createTimeScale([
      [0, 100],
      [5_000, 5_050],
      [5_040, 9_000],
    ])
    const places = Array.from({ length: 100 }, (_, i) => scale.at(i * 100))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('has a place for everything even where nothing took time', () => {
    expect(createTimeScale([[5, 5]]).at(5)).toBe(0)
    expect(createTimeScale([]).at(1)).toBe(0)
  })
})
