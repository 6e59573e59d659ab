import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findCut, summaryMessage, sumTokens, toBudget } from './compaction.ts'

const summarise = () => 'summary'
const count = ({ content }: { content: unknown }) => String(content).length

const message = fc.record({
  role: fc.constantFrom('user', 'assistant', 'tool'),
  content: fc.string({ maxLength: 30 }),
})

it('keeps the newest messages whole, within the budget as far as a whole exchange allows, and splits no call from its result', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 30 }),
      fc.option(fc.string({ maxLength: 20 }), { nil: null }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      (messages, summary, keepTokens, more) => {
        const budget = toBudget({ keepTokens, maxTokens: keepTokens + more, summarise, countTokens: count })
        const cut = findCut(summary, messages, budget)
        const total = sumTokens(messages, budget.count) + (summary === null ? 0 : budget.count(summaryMessage(summary)))
        if (total <= budget.maxTokens) {
          expect(cut).toBe(0)
          return
        }
        const tail = messages.slice(cut)
        expect(messages.length === 0 || tail.length > 0).toBe(true)
        expect(cut === 0 || tail[0]?.role !== 'tool').toBe(true)
        // More than the budget only for a last message, or for the results of a call, that are larger.
        const [first, ...rest] = tail
        const excused = tail.length === 1 || tail.slice(1).some(({ role }) => role === 'tool')
        if (!excused && first !== undefined) expect(sumTokens([first, ...rest], budget.count)).toBeLessThanOrEqual(keepTokens)
      },
    ),
    { numRuns: 1_000 },
  )
})

it.each([
  ['keepTokens', { keepTokens: 0 }, 'keepTokens must be at least 1; it is 0'],
  ['keepTokens', { keepTokens: Number.NaN }, 'keepTokens must be at least 1'],
  ['maxTokens', { keepTokens: 10, maxTokens: 9 }, 'maxTokens must be at least keepTokens, 10; it is 9'],
])('refuses %s out of its range', (_name, options, text) => {
  expect(() => toBudget({ summarise, ...options })).toThrow(text)
})

it('refuses a count that is none', () => {
  const { count: counted } = toBudget({ keepTokens: 1, summarise, countTokens: () => Number.NaN })
  expect(() => counted({ role: 'user', content: '' })).toThrow('countTokens gave NaN')
})
