import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { setAside } from './set-aside.ts'

const folder = mkdtempSync(join(tmpdir(), 'cairn-test-aside-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what is set aside takes so much disk and no more: the oldest goes', async () => {
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
    const path = await setAside(folder, name, [Buffer.alloc(30), Buffer.alloc(10)], 100)
    utimesSync(path, i, i)
  }
  expect(readdirSync(folder).sort()).toEqual(['c', 'd'])
  // The same again takes its own place.
  await setAside(folder, 'd', [Buffer.alloc(50)], 100)
  expect(readdirSync(folder).sort()).toEqual(['c', 'd'])
})
