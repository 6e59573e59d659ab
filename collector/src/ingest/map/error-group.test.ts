import { describe, expect, test } from 'vitest'
import { fingerprintError, normaliseMessage } from './error-group.ts'

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
})
