import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDecisions } from './commands/decisions.ts'
import { changedRuns, vanishedRuns } from './commands/run-changes.ts'
import { judgeClock, judgeNode, judgeQueue, judgeVersions, judgeWorkers } from './doctor/judge.ts'
import { isPartOfId, parseTime, runIdOf, runOrTraceOf, runRefOf, traceIdOf } from './options.ts'
import { isLoopback, readSettings } from './settings.ts'

const ID = '01a21231-646d-72f8-bb6b-a7861883cda7'

describe('run ids', () => {
  it('are found in the address of a page', () => expect(runIdOf(`http://localhost:3000/runs/${ID.toUpperCase()}?span=1`)).toBe(ID))
  it('are refused otherwise', () => expect(() => runIdOf('latest')).toThrow('holds no run id'))
})

describe('what names a run', () => {
  const TRACE = 'abcdef0123456789abcdef0123456789'
  it('is an id, an address, or the begin or end of an id', () => {
    expect(runRefOf(`http://localhost:3000/runs/${ID}?span=1`)).toBe(ID)
    expect(['DA7a1', 'cda7', '01a21231-646d'].map(isPartOfId)).toEqual([true, false, true])
    expect(runRefOf('6D72F8')).toBe('6d72f8')
  })
  it('is a trace where those are shown, by its id or its address', () => {
    for (const text of [TRACE, TRACE.toUpperCase(), `http://localhost:3000/traces/${TRACE}?span=1`]) expect(runOrTraceOf(text)).toBe(TRACE)
    expect(() => runRefOf(TRACE)).toThrow(`cairn runs show ${TRACE}`)
    expect(runOrTraceOf(ID)).toBe(ID)
    expect(traceIdOf(ID)).toBeUndefined()
  })
  it('is refused otherwise, with what is wanted', () => {
    for (const text of ['latest', 'cda7', '']) expect(() => runOrTraceOf(text)).toThrow('its first or last 5 characters or more')
  })
})

describe('times', () => {
  const now = Date.parse('2026-11-25T10:00:00Z')
  it('are ago, or dates', () => {
    expect(parseTime('90m', now)).toBe('2026-11-25T08:30:00.000Z')
    expect(parseTime('7d', now)).toBe('2026-11-18T10:00:00.000Z')
    expect(parseTime('2026-11-01', now)).toBe('2026-11-01T00:00:00.000Z')
  })
  it('are refused, with what to write, or valid RFC 3339', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('5', '1y', '999999999999d', '2026-99-99', '')), (text) => {
        try {
          expect(new Date(parseTime(text, now)).toISOString()).toBeTypeOf('string')
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' })
        }
      }),
    )
  })
})

describe('settings', () => {
  const home = mkdtempSync(join(tmpdir(), 'cairn-cli-'))
  const deep = join(home, 'a', 'b')
  mkdirSync(join(home, '.cairn'))
  mkdirSync(deep, { recursive: true })
  const file = join(home, '.cairn', 'project-key')
  writeFileSync(file, 'cairn_found\n')

  it('come from options, then the environment', () => {
    const env = { CAIRN_URL: 'http://b:1/', CAIRN_API_KEY: 'env' }
    expect(readSettings({ url: 'https://a/x/', key: 'opt', env, cwd: deep })).toEqual({
      url: 'https://a/x',
      key: 'opt',
      urlFrom: '--url',
      keyFrom: '--key',
    })
    expect(readSettings({ env, cwd: deep })).toEqual({ url: 'http://b:1', key: 'env', urlFrom: 'CAIRN_URL', keyFrom: 'CAIRN_API_KEY' })
  })
  it('find the key of this repository from within', () => {
    expect(readSettings({ env: {}, cwd: deep })).toEqual({
      url: 'http://127.0.0.1:4318',
      key: 'cairn_found',
      urlFrom: 'default',
      keyFrom: file,
    })
  })
  it('show that key to no other host', () => {
    expect(readSettings({ url: 'https://cairn.example.com', env: {}, cwd: deep }).key).toBeUndefined()
    expect(readSettings({ url: 'http://127.0.0.1.example.com', env: {}, cwd: deep }).key).toBeUndefined()
    expect(isLoopback('http://[::1]:4318')).toBe(true)
  })
  it('refuse what is no address', () =>
    expect(() => readSettings({ url: 'file:///etc', env: {}, cwd: deep })).toThrow('not an http address'))
})

describe('decisions about steps', () => {
  it('keep any key and any output apart', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((key) => !key.includes('=')),
        fc.jsonValue(),
        (step, output) => {
          const [decision] = readDecisions([], [`${step}=${JSON.stringify(output)}`])
          expect(JSON.stringify(decision)).toBe(JSON.stringify({ step, output }))
        },
      ),
    )
  })
  it('say how an output is written', () => expect(() => readDecisions([], ['publish=yes'])).toThrow('STEP=JSON'))
})

describe('changes between two looks', () => {
  const run = (id: string, status: string, execution = 1) => ({ id, status, execution, createdAt: id }) as never
  it('are new runs and other statuses, each told once', () => {
    const known = new Map()
    expect(changedRuns(known, [run('b', 'running'), run('a', 'queued')]).map((r: { id: string }) => r.id)).toEqual(['a', 'b'])
    expect(changedRuns(known, [run('b', 'running'), run('a', 'running'), run('a', 'running')])).toEqual([run('a', 'running')])
    expect(changedRuns(known, [run('b', 'running', 2)])).toHaveLength(1)
    expect(changedRuns(known, [run('b', 'running'), run('b', 'succeeded', 2)])).toEqual([run('b', 'succeeded', 2)])
    expect(changedRuns(known, [run('b', 'running', 2)])).toHaveLength(1)
    expect(vanishedRuns(known, [run('b', 'running')])).toEqual(['a'])
  })
  it('are remembered within bounds', () => {
    const known = new Map()
    changedRuns(
      known,
      Array.from({ length: 5_000 }, (_, n) => run(String(n), 'succeeded')),
    )
    expect(known.size).toBe(2_000)
    expect(known.has('4999')).toBe(true)
  })
})

describe('the doctor', () => {
  it('allows for the whole seconds of the Date header', () => {
    const at = Date.parse('2026-11-25T10:00:00Z')
    expect(judgeClock('Wed, 25 Nov 2026 10:00:00 GMT', at + 990, at + 995).status).toBe('ok')
    expect(judgeClock('Wed, 25 Nov 2026 10:01:00 GMT', at, at + 5)).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('60 s ahead'),
    })
    expect(judgeClock(null, at, at).status).toBe('warning')
  })
  it('knows old Nodes and other versions', () => {
    expect([judgeNode('v18.19.0').status, judgeNode('v20.0.0').status, judgeNode('v24.1.0').status]).toEqual(['failed', 'ok', 'ok'])
    expect([judgeVersions('0.1.4', '0.1.0').status, judgeVersions('0.2.0', '0.1.0').status]).toEqual(['ok', 'warning'])
  })
  it('finds runs that no worker will take', () => {
    const worker = (name: string, endedAt: string | null, runsHeld = 0) => ({
      agents: [{ name, versions: ['1'] }],
      endedAt,
      capacity: 2,
      runsHeld,
    })
    const workers = [worker('a', null), worker('b', '2026-11-25T10:00:00Z')]
    expect(judgeQueue([{ agent: 'a' }], workers, true).status).toBe('ok')
    expect(judgeQueue([{ agent: 'a' }, { agent: 'b' }], workers, true)).toMatchObject({
      status: 'warning',
      detail: '1 run wait for agents that no worker serves: b',
    })
    expect([judgeWorkers(workers).status, judgeWorkers([worker('a', null, 2)]).status, judgeWorkers([]).status]).toEqual([
      'ok',
      'warning',
      'warning',
    ])
  })
})
