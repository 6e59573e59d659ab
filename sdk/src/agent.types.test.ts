import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { Cairn } from './cairn.ts'
import { requireNode } from './config.ts'
import type { RunHandle } from './run-handle.ts'
import { OLDEST_NODE, SDK_VERSION } from './version.ts'

const cairn = new Cairn({ telemetry: false })

describe('types', () => {
  it('an agent takes what its schema takes, and its function gets what that gives', () => {
    const input = z.object({ n: z.coerce.number(), tag: z.string().default('x') })
    const agent = cairn.agent({ name: 'a', input }, async (_run, value) => {
      expectTypeOf(value).toEqualTypeOf<{ n: number; tag: string }>()
      return { doubled: value.n * 2 }
    })
    expectTypeOf(agent.start).parameter(0).toEqualTypeOf<z.input<typeof input>>()
    expectTypeOf(agent.run).returns.resolves.toEqualTypeOf<{ doubled: number }>()
    expectTypeOf(agent.start).returns.resolves.toEqualTypeOf<RunHandle<{ doubled: number }>>()
  })

  it('without a schema an agent takes what its function says', () => {
    const agent = cairn.agent({ name: 'a' }, (_run, n: number) => String(n))
    expectTypeOf(agent.start).parameter(0).toEqualTypeOf<number>()
    expectTypeOf(agent.run).returns.resolves.toEqualTypeOf<string>()
    expectTypeOf(cairn.serve).toBeCallableWith([agent])
  })

  it('a step gives what await gives', () => {
    cairn.agent({ name: 'a' }, async (run) => {
      expectTypeOf(run.step('s', () => 1)).resolves.toEqualTypeOf<number>()
      expectTypeOf(run.step('s', { timeout: '2d' }, async () => new Map<string, Date>())).resolves.toEqualTypeOf<Map<string, Date>>()
      expectTypeOf(run.tool('t', async () => 'x' as const)).resolves.toEqualTypeOf<'x'>()
      expectTypeOf(run.model('m', { model: 'gpt-5' }, (call) => Promise.resolve(call.attempt))).resolves.toEqualTypeOf<number>()
      const child = cairn.agent({ name: 'b' }, (_run, text: string) => text.length)
      expectTypeOf(run.call(child, 'text')).resolves.toEqualTypeOf<number>()
      // @ts-expect-error: the child's input is text
      void run.call(child, 1)
      // @ts-expect-error: not a duration
      void run.step('s', { timeout: 'soon' }, () => 1)
    })
  })

  it('bad options are a clear error', () => {
    expect(() => new Cairn({ url: 'nowhere' })).toThrow(/url \(CAIRN_URL\)/)
    expect(() => cairn.agent({ name: '' }, () => 1)).toThrow('1 to 200')
    expect(() => cairn.agent({ name: 'a', recovery: { maxAttempts: 0 } }, () => 1)).toThrow('maxAttempts')
    expect(Object.isFrozen(cairn.config)).toBe(true)
  })

  it('the version and the oldest Node are those of the package', () => {
    const { version, engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(version).toBe(SDK_VERSION)
    expect(engines.node).toBe(`>=${OLDEST_NODE}`)
  })

  it('a Node that is too old is told so', () => {
    expect(() => requireNode('20.20.2')).toThrow('needs Node 22.15 or newer; this is 20.20.2')
    expect(() => requireNode('22.14.9')).toThrow('needs Node')
    for (const version of ['22.15.0', '23.0.0', '100.1.0']) expect(() => requireNode(version)).not.toThrow()
  })
})
