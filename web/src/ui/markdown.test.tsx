import fc from 'fast-check'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import Markdown from './markdown.tsx'
import { isDrawable, splitBlocks } from './markdown-limits.ts'

const draw = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }))

test('HTML is text, pictures are named and not loaded, and links say where they lead', () => {
  const html = draw(
    '<script>alert(1)</script> <img src=x onerror=alert(2)>\n\n![pixel](https://evil.example/p.png) [click](javascript:alert(3)) [data](data:text/html,x) [docs](https://example.com/docs)',
  )
  expect(html).not.toMatch(/<(script|img|iframe|object|style|link)/i)
  expect(html).not.toMatch(/href="(?!https:\/\/example\.com\/docs")/)
  expect(html).toContain('rel="noopener noreferrer nofollow"')
  expect(html).toContain('(https://example.com/docs)')
  expect(html).toContain('https://evil.example/p.png')
})

test('a link whose text is another address shows the real one', () => {
  expect(draw('[https://bank.example](https://evil.example/)')).toContain('(https://evil.example/)')
  expect(draw('[bank](https://bank.example@evil.example/)')).not.toContain('<a')
})

test('signs of direction are named inside of it too', () => {
  expect(draw(`**a${String.fromCharCode(0x202e)}b**`)).toContain('RLO')
})

test('headings, lists, tables and code are drawn', () => {
  const html = draw('# Title\n\n- one\n\n| a |\n|---|\n| 1 |\n\n`code`')
  for (const tag of ['<ul>', '<table>', '<code>']) expect(html).toContain(tag)
  expect(html).not.toContain('<h1')
})

test('what nests without end, or is one long block, is left as text', () => {
  for (const text of ['>'.repeat(5_000), '['.repeat(5_000), '- '.repeat(5_000), '*_'.repeat(5_000), 'x'.repeat(100_000)])
    expect(isDrawable(text), text.slice(0, 10)).toBe(false)
  expect(isDrawable(`${'-   '.repeat(39)}x`)).toBe(true)
})

test('blocks are the text, are cut at empty lines, and keep fenced code whole', () => {
  const line = fc.constantFrom('', ' ', 'a'.repeat(900), '```', '~~~~', '- item', '> b', '```js')
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const text = lines.join('\n')
      const blocks = splitBlocks(text)
      expect(blocks.join('')).toBe(text)
      for (const block of blocks.slice(0, -1)) expect(block.trimEnd().length).toBeLessThan(block.length)
    }),
  )
  const code = `\`\`\`\n${'x\n\n'.repeat(2_000)}\`\`\`\n`
  expect(splitBlocks(code)).toEqual([code])
})
