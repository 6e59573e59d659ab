import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JournalFile } from './journal-file.ts'

let folder: string
let count = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-test-journal-file-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const Line = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.constant('x'.repeat(3_000_000)))
  .map((text) => JSON.stringify(text))

async function readAll(file: JournalFile, from = 0): Promise<string[]> {
  const all: string[] = []
  for (let at = from; ; ) {
    const { lines, next } = await file.read(at)
    if (lines.length === 0) return all
    all.push(...lines)
    at = next
  }
}

describe('a journal', () => {
  it('gives back the lines in order, to whoever takes it up, whatever a torn write left at its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(Line, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.string({ maxLength: 50 }),
        async (groups, torn) => {
          const path = join(folder, `${count++}.jsonl`)
          const file = new JournalFile(path)
          await Promise.all(groups.map((group, i) => file.append(group, i % 2 === 0)))
          expect(await readAll(file)).toEqual(groups.flat())
          await file.close()
          if (groups.length === 0) return
          expect(statSync(path).mode & 0o777).toBe(0o600)
          appendFileSync(path, torn.replaceAll('\n', ''))
          const left = new JournalFile(path)
          await left.openExisting()
          await left.append(['"after"'], true)
          expect(await readAll(left)).toEqual([...groups.flat(), '"after"'])
          await left.clear()
          await left.append(['"again"'], false)
          expect(await readAll(left)).toEqual(['"again"'])
          await left.remove()
        },
      ),
      { numRuns: 15 },
    )
  })
})
