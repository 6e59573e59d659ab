import { describe, expect, it } from 'vitest'
import { createKeyPresses, type Press } from './key-presses.ts'

/** A page with commands, and a component in it that has the focus and uses of its own for some keys. */
function page({ ownKeys = '', hasCharacterKeys = true }: { ownKeys?: string; hasCharacterKeys?: boolean } = {}) {
  const done: string[] = []
  const clock = { ms: 10_000 }
  const command = (keys: string, inPalette = true) => ({ keys, inPalette, run: () => void done.push(keys) })
  const { onCapture, onBubble } = createKeyPresses({
    commands: () => [command('g f'), command('g r'), command('r'), command('j', false), command('f')],
    hasCharacterKeys: () => hasCharacterKeys,
    isTaken: () => false,
    now: () => clock.ms,
  })
  const press = (key: string, repeat = false) => {
    let isStopped = false
    const event: Omit<Press, 'defaultPrevented'> & { defaultPrevented: boolean } = {
      key,
      repeat,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      isComposing: false,
      defaultPrevented: false,
      target: null,
      preventDefault: () => {
        event.defaultPrevented = true
      },
      stopPropagation: () => {
        isStopped = true
      },
    }
    onCapture(event)
    if (isStopped) return
    if (ownKeys.includes(key)) {
      done.push(`component ${key}`)
      event.preventDefault()
    }
    onBubble(event)
  }
  return { done, press, clock }
}

describe('keys of a page', () => {
  it('leaves a key to the component that has the focus', () => {
    const { done, press } = page({ ownKeys: 'f' })
    press('f')
    expect(done).toEqual(['component f'])
  })
  it('gives the second key of a sequence to the sequence alone', () => {
    const { done, press } = page({ ownKeys: 'f' })
    press('g')
    press('f')
    expect(done).toEqual(['g f'])
    press('f')
    expect(done).toEqual(['g f', 'component f'])
  })
  it('lets go of a sequence that was not ended in time', () => {
    const { done, press, clock } = page({ ownKeys: 'f' })
    press('g')
    clock.ms += 2_000
    press('f')
    expect(done).toEqual(['component f'])
  })
  it('does nothing more while a key is held down, but moves on', () => {
    const { done, press } = page()
    press('r')
    press('r', true)
    press('r', true)
    expect(done).toEqual(['r'])
    press('j')
    press('j', true)
    expect(done).toEqual(['r', 'j', 'j'])
  })
  it('keeps the last key of a sequence from all others while it is held down', () => {
    const { done, press } = page({ ownKeys: 'f' })
    press('g')
    press('f')
    press('f', true)
    press('g')
    press('r')
    press('r', true)
    expect(done).toEqual(['g f', 'g r'])
  })
  it('does nothing by single keys where they are switched off', () => {
    const { done, press } = page({ hasCharacterKeys: false })
    press('g')
    press('f')
    press('r')
    expect(done).toEqual([])
  })
})
