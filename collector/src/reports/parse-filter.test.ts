import { describe, expect, test } from 'vitest'
import { parseFilter } from './parse-filter.ts'

describe('the filter of a report', () => {
  test.each([
    ['', {}],
    ['agent:research', { agent: ['research'] }],
    ['agent:research  model:gpt-5 agent:writer', { agent: ['research', 'writer'], model: ['gpt-5'] }],
    ['user:"Ada \\"L\\" King" model:a:b', { user: ['Ada "L" King'], model: ['a:b'] }],
  ])('%s', (filter, expected) => {
    expect(parseFilter(filter)).toEqual(expected)
  })

  test.each(['agent', 'colour:red', 'agent:', 'agent:x oops'])('%s is refused', (filter) => {
    expect(() => parseFilter(filter)).toThrow(/query.filter/)
  })
})
