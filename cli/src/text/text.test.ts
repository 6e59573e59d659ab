import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeBlock, escapeLine, isolate, toSafeJson } from './escape.ts'
import { formatMs, formatUsd } from './format.ts'
import { hasColours } from './style.ts'
import { type Column, drawTable, layOut } from './table.ts'
import { cut, fit, widthOf } from './width.ts'
import { wrap } from './wrap.ts'

/** Text as agents send it when they mean harm: escapes, bidi, tags, halves of pairs, wide and combining characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]52;c;aGk=\u0007',
        '\r',
        '\n',
        '\t',
        '\u202e',
        '\u2066',
        '\u{e0041}',
        '\ud800',
        '\u009b31m',
        '漢字',
        'שלום',
        '👩‍👩‍👧',
        'é',
        '\u0000',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
// Every control, format and tag character but those that emoji and words need.
const FORBIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Cs}/u

describe('escaping', () => {
  it('leaves nothing in a line that a terminal obeys or that nobody sees', () => {
    fc.assert(fc.property(hostile, (text) => !FORBIDDEN.test(escapeLine(text))))
  })

  it('leaves line ends only in a block', () => {
    fc.assert(fc.property(hostile, (text) => !FORBIDDEN.test(escapeBlock(text).replaceAll('\n', ''))))
  })

  it('leaves readable text as it is', () => {
    for (const text of ['plain', 'naïve café', '漢字 かな', 'สวัสดี', '👩‍👩‍👧 ❤️', 'نص']) expect(escapeLine(text)).toBe(text)
  })

  it('shows what it took away', () => {
    expect(escapeLine('a\u001b[31mb\nc\u202ed')).toBe('a␛[31mb↵c\\u{202e}d')
  })

  it('keeps right-to-left text to itself', () => {
    expect(isolate('שלום')).toBe('\u2068שלום\u2069')
    expect(isolate('hello')).toBe('hello')
  })

  it('writes JSON that says the same, without controls', () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostile, (value, text) => {
        const json = toSafeJson({ value, text })
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })))
        expect(json).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('width', () => {
  it('cuts to at most what is asked, and fits to exactly that', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const line = escapeLine(text)
        expect(widthOf(cut(line, columns))).toBeLessThanOrEqual(columns)
        expect(widthOf(fit(line, columns))).toBe(columns)
      }),
    )
  })

  it('counts wide characters as two and halves none', () => {
    expect(widthOf('漢字')).toBe(4)
    expect(cut('漢字漢字', 5)).toBe('漢字…')
    expect(cut('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…')
  })

  it('cuts a text of megabytes without reading all of it', () => {
    expect(cut('a'.repeat(5_000_000), 10)).toBe(`${'a'.repeat(9)}…`)
    expect(widthOf(cut('漢'.repeat(5_000_000), 10))).toBeLessThanOrEqual(10)
  })
})

describe('tables', () => {
  const columns = fc.array(
    fc.record({ title: fc.constant('T'), min: fc.integer({ min: 1, max: 8 }), drop: fc.integer({ min: 0, max: 3 }) }),
    { minLength: 1, maxLength: 6 },
  )

  it('fit the width wherever that is possible', () => {
    fc.assert(
      fc.property(
        columns,
        fc.array(fc.array(hostile, { maxLength: 6 }), { maxLength: 5 }),
        fc.integer({ min: 60, max: 160 }),
        (cols, rows, width) => {
          const cells = rows.map((row) => row.map(escapeLine))
          for (const line of drawTable(cols, cells, { width })) expect(widthOf(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })

  it('never drop a column of order 0, nor give more than was asked for', () => {
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 100 }), (cols, width) => {
        const natural = cols.map((_, i) => i * 7 + 1)
        for (const [i, got] of layOut(cols, natural, width).entries()) {
          if (cols[i]?.drop === 0) expect(got).toBeDefined()
          if (got !== undefined) expect(got).toBeLessThanOrEqual(natural[i] ?? 0)
        }
      }),
    )
  })

  it('drop the highest order first', () => {
    const cols: Column[] = [{ title: 'A' }, { title: 'B', drop: 1 }, { title: 'C', drop: 2 }]
    expect(drawTable(cols, [['aaaa', 'bbbb', 'cccc']], { width: 10 })).toEqual(['A     B', 'aaaa  bbbb'])
  })
})

describe('words for figures', () => {
  it('never shows an unknown price as zero, nor a small one', () => {
    expect([null, '0', '0.0000012', '0.25', '1234.5'].map(formatUsd)).toEqual(['no price', '$0', '$0.0000012', '$0.2500', '$1,234.50'])
  })

  it('rounds durations without passing into the next unit', () => {
    expect([0, 0.5, 12, 999.4, 999.6, 59_960, 3_599_999, 90_000_000, null].map(formatMs)).toEqual([
      '0 ms',
      '0.50 ms',
      '12 ms',
      '999 ms',
      '1.00 s',
      '0 m 59 s',
      '59 m 59 s',
      '1 d 1 h',
      '–',
    ])
  })

  it('wraps at spaces', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
  })

  it('colours terminals only, and obeys NO_COLOR', () => {
    expect(hasColours(true, {})).toBe(true)
    expect(hasColours(false, {})).toBe(false)
    expect(hasColours(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false)
    expect(hasColours(true, { TERM: 'dumb' })).toBe(false)
    expect(hasColours(false, { FORCE_COLOR: '1' })).toBe(true)
  })
})
