import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const guide = readFileSync(join(root, 'docs/quick-start.md'), 'utf8')
const blocks = [...guide.matchAll(/<!-- (\S+) -->\n```ts\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({ file, code }))

describe('docs/quick-start.md', () => {
  it('shows three files', () => expect(blocks.map((block) => block.file)).toHaveLength(3))

  it.each(blocks)('shows $file as it is run', ({ file, code }) => {
    expect(code).toBe(readFileSync(join(root, file), 'utf8'))
  })
})
