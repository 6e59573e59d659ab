import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitVisible, toVisibleText } from './visible-text-model.ts'

const code = (...codes: number[]) => String.fromCharCode(...codes)

test('nothing of a text is lost, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((n) => code(n)) }), (text) => {
      expect(
        splitVisible(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('no control, mark of direction or half pair is ever put on the page', () => {
  const hidden = fc.constantFrom(0, 7, 13, 27, 0x80, 0x9b, 0x200b, 0x200e, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800, 0xdc00, 0xad)
  fc.assert(
    fc.property(fc.array(fc.oneof(hidden, fc.integer({ min: 97, max: 122 }))), (codes) => {
      const plain = splitVisible(code(...codes), 5)
        .filter((piece) => piece.sign === undefined)
        .map((piece) => piece.text)
        .join('')
      expect(plain).toMatch(/^[a-z·\ud800-\udfff]*$/)
      expect(plain.isWellFormed()).toBe(true)
    }),
  )
})

test('they are named', () => {
  expect(toVisibleText(`a${code(0x202e)}gpj.exe`)).toBe('a⟨RLO⟩gpj.exe')
  expect(toVisibleText(`${code(27)}[31mred${code(27)}[0m`)).toBe('⟨ESC[31m⟩red⟨ESC[0m⟩')
  expect(toVisibleText(`${code(0)}${code(0)}${code(0)}x${code(0xd800)}`)).toBe('⟨NUL ×3⟩x⟨U+D800⟩')
  expect(toVisibleText('a\u{e0041}b')).toBe('a⟨U+E0041⟩b')
  expect(toVisibleText(`${code(0xd83d)}😀`)).toBe('⟨U+D83D⟩😀')
})

test('emoji of several, Persian and lines stay as they are', () => {
  for (const text of ['👩‍👩‍👧‍👦', 'می‌خواهم', 'one\r\ntwo\tthree\n', 'שלום', '😀']) expect(splitVisible(text)).toEqual([{ text }])
})

test('a hundred thousand signs are no hundred thousand elements', () => {
  expect(splitVisible(`x${code(0x200b)}`.repeat(50_000)).length).toBeLessThan(1_000)
})
