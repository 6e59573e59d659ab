import { FingerprintRules } from '@cairn/sdk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../failures/compile-rules.ts'
import { explainMessage, fingerprintError, normaliseMessage, USUAL_RULES } from './error-group.ts'

describe('error groups', () => {
  test.each([
    ['HTTP 503 after 1,204.5 ms', 'HTTP <n> after <n> ms'],
    ['no user 0198c1d2-7f3a-7abc-8def-0123456789ab', 'no user <id>'],
    ["can't read 'trail 7' of \"Skye\"", "can't read <text> of <text>"],
    ['bad pointer 0xdeadBEEF', 'bad pointer <hex>'],
    ['request req_8f3kd02ma failed', 'request <id> failed'],
    ['GET https://api.example.com/v1/things/17?x=1 timed out', 'GET <url> timed out'],
    ['since 2026-11-23T04:00:00Z', 'since <time>'],
    ['commit 1a2b3c4d5e', 'commit <hex>'],
    ['two\n  lines', 'two lines'],
  ])('%s → %s', (message, shape) => {
    expect(normaliseMessage(message)).toBe(shape)
  })

  test('what varies does not split a group; type, step and agent do', () => {
    const base = { type: 'RateLimit', message: 'try again in 3 s', agent: 'research', step: 'search/1' }
    const group = fingerprintError(base)
    expect(group).toMatch(/^[0-9a-f]{16}$/)
    expect(fingerprintError({ ...base, message: 'try again in 17 s', step: 'search/2#3' })).toBe(group)
    for (const other of [{ type: 'Timeout' }, { message: 'gone' }, { agent: 'writer' }, { step: 'plan' }])
      expect(fingerprintError({ ...base, ...other })).not.toBe(group)
  })

  test('machines and their processes are what varies in a crash', () => {
    const crash = (message: string) => fingerprintError({ type: 'WorkerLost', message, agent: 'a', step: 's' })
    expect(crash('worker on pod-a7f (process 12) is gone: its lease ran out')).toBe(
      crash('worker on db.local (process 7) is gone: its lease ran out'),
    )
    expect(crash('worker w-1-ab lives, but does not hold the run any more')).toBe(
      crash('worker x9 lives, but does not hold the run any more'),
    )
  })
})

/** Texts of what fingerprints look for. */
const Message = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'user',
        '"quoted 12 text"',
        "'it'",
        '`x`',
        'https://a.b/c?d=1',
        '0xdead',
        'req_8f3kd02ma',
        '<n>',
        'n',
        '\n',
        '\t',
        'É',
      ),
      fc.integer().map(String),
      fc.uuid(),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(' '))
const Patterns = fc.subarray(['user [a-z]+', '[0-9]+ text', 'n', '<n>', 'É+', '[^ ]+://'])
const rulesOf = (patterns: readonly string[], more: Partial<FingerprintRules> = {}) =>
  compileRules(FingerprintRules.parse({ ...more, patterns: patterns.map((pattern) => ({ pattern, replacement: '<own>' })) }))

describe('what a fingerprint is made of', () => {
  test('is what is shown, and all of the message is shown', () => {
    fc.assert(
      fc.property(Message, Patterns, (message, patterns) => {
        const own = rulesOf(patterns).patterns
        const pieces = explainMessage(message, own)
        const shown = pieces.map((piece) => piece.text).join('')
        expect(shown.replace(/\s+/g, ' ').trim()).toBe(normaliseMessage(message, own))
        const whole = pieces.map((piece) => piece.replaced ?? piece.text).join('')
        expect(whole.replace(/\s+/g, '')).toBe(message.slice(0, 1_000).replace(/\s+/g, ''))
      }),
      { numRuns: 500 },
    )
  })

  test('is the same again, and without rules that of all projects', () => {
    fc.assert(
      fc.property(Message, fc.string(), fc.string(), (message, agent, step) => {
        const cause = { type: 'E', message, agent, step }
        expect(fingerprintError(cause, rulesOf([]))).toBe(fingerprintError(cause))
        expect(fingerprintError(cause, USUAL_RULES)).toMatch(/^[0-9a-f]{16}$/)
      }),
    )
  })

  test('leaves out what doesn’t count, and nothing else', () => {
    const PARTS = ['message', 'agent', 'step'] as const
    fc.assert(
      fc.property(fc.constantFrom(...PARTS), fc.constantFrom(...PARTS), (without, changed) => {
        const cause = { type: 'E', message: 'm', agent: 'a', step: 's' }
        const rules = rulesOf([], { [without]: false })
        const isSame = fingerprintError({ ...cause, [changed]: 'other' }, rules) === fingerprintError(cause, rules)
        expect(isSame).toBe(without === changed)
      }),
    )
  })

  test('replaces a bounded number of matches, and refuses expressions of many instructions', () => {
    expect(normaliseMessage('x '.repeat(100), rulesOf(['x']).patterns).match(/<own>/g)).toHaveLength(50)
    expect(() => rulesOf(['[a-z]{1,150}'])).toThrow('too large')
  })

  test('takes no longer for a hostile expression or message', () => {
    const rules = rulesOf(['(a+)+b', '(a|aa)+$', '(.*)*x'])
    const began = performance.now()
    for (let n = 0; n < 20; n++) fingerprintError({ type: 'E', message: 'a'.repeat(100_000), agent: '', step: '' }, rules)
    // The expressions would take longer than the universe in an engine that backtracks.
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
