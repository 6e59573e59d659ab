import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pressKey, showKeys, toKey } from './keys-model.ts'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  toKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

describe('toKey', () => {
  it('names keys as they are written', () => {
    expect(press('r')).toBe('r')
    expect(press('R')).toBe('r')
    expect(press('E', { shiftKey: true })).toBe('E')
    expect(press('?', { shiftKey: true })).toBe('?')
    expect(press(' ')).toBe('Space')
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft')
    expect(press('k', { metaKey: true })).toBe('Mod+k')
    expect(press('K', { ctrlKey: true, shiftKey: true })).toBe('Mod+k')
    expect(press('@', { ctrlKey: true, altKey: true })).toBe('@')
    expect(press('Shift', { shiftKey: true })).toBeNull()
  })
})

describe('pressKey', () => {
  const bound = [{ keys: 'g r' }, { keys: ['j', 'ArrowDown'] }, { keys: 'r', id: 'first' }, { keys: 'r', id: 'last' }, {}]
  it('waits within a sequence and finds its end', () => {
    const begun = pressKey([], 'g', bound)
    expect(begun).toEqual({ hit: undefined, pending: ['g'] })
    expect(pressKey(begun.pending, 'r', bound)).toEqual({ hit: { keys: 'g r' }, pending: [] })
  })
  it('takes a key by itself when it ends no sequence', () => {
    expect(pressKey(['g'], 'j', bound).hit).toEqual({ keys: ['j', 'ArrowDown'] })
  })
  it('gives the last of equals', () => expect(pressKey([], 'r', bound).hit).toMatchObject({ id: 'last' }))
  it('never keeps what can lead nowhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('g', 'r', 'j', 'x', 'Mod+k')), (keys) => {
        let pending: readonly string[] = []
        for (const key of keys) {
          const next = pressKey(pending, key, bound)
          pending = next.pending
          expect(pending.length === 0 || pending.join(' ') === 'g').toBe(true)
        }
      }),
    )
  })
})

it('shows keys as they are printed', () => {
  expect(showKeys('Mod+k', true)).toEqual(['⌘ k'])
  expect(showKeys('Mod+Shift+ArrowUp', false)).toEqual(['Ctrl Shift ↑'])
  expect(showKeys('g r', false)).toEqual(['g', 'r'])
  expect(showKeys('+', false)).toEqual(['+'])
})
