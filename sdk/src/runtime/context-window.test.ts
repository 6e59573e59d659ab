import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens, findCut, isToolResult } from './context-window.ts'

const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'tool'), content: fc.string() })

describe('where a conversation is cut', () => {
  it('keeps the last messages that fit, at least one, never a result without its call, and cuts what it kept no further', () => {
    const cases = fc.array(fc.tuple(message, fc.nat(50)), { maxLength: 30 })
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 200 }), (messages, keepTokens) => {
        const all = messages.map(([one]) => one)
        const tokens = messages.map(([, count]) => count)
        const cut = findCut(all, tokens, keepTokens)
        expect(cut).toBeGreaterThanOrEqual(0)
        expect(cut).toBeLessThanOrEqual(Math.max(0, all.length - 1))
        const kept = all.slice(cut)
        if (cut > 0 && kept[0] !== undefined) expect(isToolResult(kept[0])).toBe(false)
        const size = tokens.slice(cut).reduce((a, b) => a + b, 0)
        if (size > keepTokens) expect(kept.slice(1).every(isToolResult)).toBe(true)
        expect(findCut(kept, tokens.slice(cut), keepTokens)).toBe(0)
      }),
    )
  })

  it.each([
    ['results follow their call', ['user', 'assistant', 'tool', 'tool', 'assistant'], 3, 4],
    ['the last ones are results', ['user', 'assistant', 'tool', 'tool'], 1, 1],
    ['everything fits', ['user', 'assistant'], 9, 0],
    ['only results', ['tool', 'tool'], 1, 0],
  ])('%s', (_what, roles, keepTokens, cut) => {
    const messages = roles.map((role) => ({ role, content: 'x' }))
    expect(
      findCut(
        messages,
        roles.map(() => 1),
        keepTokens,
      ),
    ).toBe(cut)
  })

  it('knows results that stand in a user’s message', () => {
    expect(isToolResult({ role: 'user', content: [{ type: 'tool_result', content: 'x' }] })).toBe(true)
    expect(isToolResult({ role: 'user', content: [null, { type: 'text' }] })).toBe(false)
  })

  it('estimates a token for four characters of JSON', () => {
    expect(estimateTokens({ role: 'user', content: 'x'.repeat(400) })).toBe(107)
    expect(estimateTokens({ role: 'user', content: { big: 1n, at: new Date(0) } })).toBeGreaterThan(10)
  })
})
