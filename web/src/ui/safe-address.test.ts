import { expect, test } from 'vitest'
import { safeAddress } from './safe-address.ts'

test('only plain addresses of the web are links', () => {
  expect(safeAddress('https://example.com/a?b')).toBe('https://example.com/a?b')
  for (const href of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:1',
    'data:text/html,x',
    'vbscript:x',
    '/relative',
    '//evil.example',
    'https://bank.com@evil.example',
    'https://',
    undefined,
  ])
    expect(safeAddress(href), String(href)).toBeNull()
  expect(safeAddress('https://xn--80ak6aa92e.com/')).toBe('https://xn--80ak6aa92e.com/')
})
