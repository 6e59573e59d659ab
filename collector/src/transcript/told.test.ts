import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHash, canonicalHashOf } from './canonical.ts'
import { Told } from './told.ts'

test('a history that grows is told once, in order, however often it is sent', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(fc.constantFrom('a', 'b', 'yes'), { maxLength: 4 }), fc.constantFrom('a', 'yes', 'z'))),
      (turns) => {
        const told = new Told()
        const history: string[] = []
        const shown: string[] = []
        for (const [asked, answer] of turns) {
          history.push(...asked)
          const isNew = told.add(history)
          shown.push(...history.filter((_, i) => isNew[i]), answer)
          told.addAnswer([answer])
          history.push(answer)
        }
        expect(shown).toEqual(history)
      },
    ),
  )
})

test('an answer is the same when it comes back as history in another shape', () => {
  const answer = {
    role: 'assistant',
    finish_reason: 'tool_calls',
    parts: [
      { type: 'reasoning', content: 'I should look' },
      { type: 'text', content: 'Looking. ' },
      { type: 'tool_call', id: 'a1', name: 'search', arguments: { q: 'cairn' } },
    ],
  }
  const sentBack = JSON.stringify({
    role: 'assistant',
    content: [{ type: 'text', text: 'Looking.', cache_control: { type: 'ephemeral' } }],
    tool_calls: [{ id: 'b2', function: { name: 'search', arguments: '{"q":"cairn"}' } }],
  })
  expect(canonicalHashOf(sentBack, 'assistant')).toBe(canonicalHash(answer))
  expect(canonicalHashOf(sentBack.replace('Looking', 'Waiting'), 'assistant')).not.toBe(canonicalHash(answer))
})
