import type { SessionCall, SessionRun, SessionTurn } from '@cairn/clickhouse'
import { describe, expect, it } from 'vitest'
import { dearestOf, toPoints, toTurns } from './conversation-model.ts'
import { toMessages } from './message-model.ts'
import { sumTurns } from './session-totals.ts'

const minute = (n: number) => `2026-11-20T10:${String(n).padStart(2, '0')}:00.000Z`
const NO_USAGE = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  images: 0,
}

const trace = (n: number, more: Partial<SessionTurn> = {}): SessionTurn => ({
  traceId: `t${n}`,
  runId: '',
  name: 'chat',
  agent: 'chat',
  service: 's',
  userId: 'ada',
  startTime: minute(n),
  endTime: minute(n + 1),
  spans: 2,
  errors: 0,
  errorType: '',
  errorMessage: '',
  usage: { ...NO_USAGE, requests: 0, total: 10 },
  cost: { total: '0.1', parts: { input: '0.1' }, priced: true },
  unpriced: 0,
  context: { input: n, cacheRead: 2, cacheWrite: 0 },
  compactedTokens: 0,
  ...more,
})
const call = (traceId: string, inputHashes: string[], outputHashes: string[], more: Partial<SessionCall> = {}): SessionCall => ({
  traceId,
  spanId: `${traceId}s`,
  scopeId: 'c',
  isModel: true,
  inputForm: 'messages',
  inputHashes,
  outputHashes,
  systemHash: 'sys',
  ...more,
})
const run = (n: number, more: Partial<SessionRun> = {}): SessionRun => ({
  runId: `r${n}`,
  traceId: `t${n}`,
  agent: 'chat',
  version: '1',
  status: 'succeeded',
  createdAt: minute(n),
  endedAt: minute(n + 1),
  errorType: '',
  errorMessage: '',
  ...more,
})

describe('turns', () => {
  it('say once what later ones send again', () => {
    const turns = toTurns([trace(1), trace(2)], [call('t1', ['hello'], ['hi']), call('t2', ['hello', 'hi again', 'more'], ['yes'])], [])
    expect(turns.map((turn) => turn.pieces.map((piece) => `${piece.from} ${piece.hash}`))).toEqual([
      ['system sys', 'input hello', 'output hi'],
      ['input hi again', 'input more', 'output yes'],
    ])
    expect(turns.map((turn) => turn.hasHistory)).toEqual([false, true])
  })

  it('are in the order of time, with runs that no span has come of', () => {
    const turns = toTurns([trace(3), trace(1, { errors: 1 })], [], [run(2, { status: 'crashed' }), run(3, { status: 'failed' })])
    expect(turns.map((turn) => [turn.number, turn.trace?.traceId, turn.run?.runId, turn.status])).toEqual([
      [1, 't1', undefined, 'error'],
      [2, undefined, 'r2', 'crashed'],
      [3, 't3', 'r3', 'failed'],
    ])
  })

  it('without a model call show what went into their root', () => {
    const root = call('t1', ['in'], ['out'], { isModel: false, systemHash: '' })
    expect(toTurns([trace(1)], [root], [])[0]?.pieces.map((piece) => piece.hash)).toEqual(['in', 'out'])
  })

  it('carry the compactions that their run made, or that came about in their time', () => {
    const turns = toTurns([trace(1, { runId: 'r1' }), trace(5)], [], [run(1)])
    const made = { throughPosition: 3, tokensBefore: 9, tokensAfter: 2, createdAt: minute(9) }
    const points = toPoints(turns, [
      { ...made, runId: 'r1' },
      { ...made, throughPosition: 5, runId: null },
    ])
    expect(points.map((point) => point.compactions.map((compaction) => compaction.throughPosition))).toEqual([[3], [5]])
    expect(points.map((point) => point.input)).toEqual([1, 5])
  })

  it('sum up exactly; what has no price is unknown, not free', () => {
    const unpriced = { cost: { total: null, parts: {}, priced: false }, unpriced: 1 }
    expect(sumTurns(toTurns([trace(1), trace(2, unpriced)], [], []))).toMatchObject({ costUsd: '0.1', unpriced: 1, tokens: 20 })
    expect(sumTurns(toTurns([trace(1, unpriced)], [], []))).toMatchObject({ costUsd: null, unpriced: 1 })
    expect(sumTurns([])).toMatchObject({ costUsd: '0', durationMs: null, lastSeen: null })
  })
})

it('the charts know the dearest turn of those that have a price', () => {
  const unpriced = { cost: { total: null, parts: {}, priced: false }, unpriced: 1 }
  const points = (...turns: SessionTurn[]) => toPoints(toTurns(turns, [], []), [])
  expect(points(trace(1), trace(2, unpriced)).map((point) => point.usd)).toEqual([0.1, null])
  expect(dearestOf(points(trace(1), trace(2, unpriced)))).toBe(0.1)
  expect(dearestOf(points(trace(1, unpriced)))).toBeNull()
})

describe('messages', () => {
  const pieces = toTurns([trace(1)], [call('t1', ['a', 'b'], ['c'])], [])[0]?.pieces ?? []
  const text = (value: unknown) => ({ text: JSON.stringify(value), isCut: false })
  const texts = {
    'c a': text({ role: 'Assistant', content: 'as I said' }),
    'c b': text({ role: 'user', parts: [{ type: 'text', content: 'and now?' }] }),
    'c c': { text: '{"role":"assistant","content":"a long', isCut: true },
  }

  it('leave out what an assistant said before, but not the examples of a first turn', () => {
    expect(toMessages(pieces, texts, true).map((message) => message.role)).toEqual(['user', 'assistant'])
    expect(toMessages(pieces, texts, false).map((message) => message.role)).toEqual(['assistant', 'user', 'assistant'])
  })

  it('that were cut are messages too, with their text so far and a role', () => {
    expect(toMessages(pieces, texts, true).at(-1)).toMatchObject({
      isCut: true,
      role: 'assistant',
      value: [{ role: 'assistant', content: 'a long' }],
    })
    const shown = (cut: string) => toMessages(pieces, { 'c b': { text: cut, isCut: true } }, true)[0]?.value
    expect(shown('{"parts":[{"content":"a\\nlong')).toEqual([{ role: 'user', parts: [{ content: 'a\nlong' }] }])
    expect(shown('"a long')).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'a long' }] }])
  })
})
