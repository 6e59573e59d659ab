/**
 * Keys are written as a person presses them: `r`, `?`, `Shift+ArrowLeft`, `Mod+k` (Ctrl, or ⌘ on a Mac); a sequence with spaces
 * between: `g r`. What a character needs Shift for is left out: `?`, `E`.
 */
export type Keys = string

export interface Bound {
  /** Several: each does it. */
  readonly keys?: Keys | readonly Keys[] | undefined
}

export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const NOT_KEYS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified', 'AltGraph'])

/** A pressed key as text; null for one that is only held with others. */
export function toKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | null {
  if (NOT_KEYS.has(key)) return null
  const held = ctrlKey || metaKey
  const isCharacter = key.length === 1 && key !== ' '
  const name = key === ' ' ? 'Space' : !isCharacter ? key : held || !shiftKey ? key.toLowerCase() : key
  // Some layouts make characters with Alt or AltGr.
  const alt = altKey && !isCharacter ? 'Alt+' : ''
  return `${held && !(altKey && isCharacter) ? 'Mod+' : ''}${alt}${shiftKey && !isCharacter ? 'Shift+' : ''}${name}`
}

export const keysOf = ({ keys }: Bound): readonly Keys[] => (keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys)

/** Keys that a person who speaks or types may hit without meaning them. */
export const isCharacterKey = (key: string): boolean => key.length === 1

/** What a key does after those pressed before. Where several have the same keys the one that came last wins. */
export function pressKey<T extends Bound>(
  before: readonly string[],
  key: string,
  bound: readonly T[],
): { readonly hit: T | undefined; readonly pending: readonly string[] } {
  const typed = [...before, key].join(' ')
  const hit = bound.findLast((candidate) => keysOf(candidate).includes(typed))
  if (hit !== undefined) return { hit, pending: [] }
  if (bound.some((candidate) => keysOf(candidate).some((keys) => keys.startsWith(`${typed} `)))) return { hit, pending: [...before, key] }
  return before.length > 0 ? pressKey([], key, bound) : { hit, pending: [] }
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

/** Each key of a sequence as it is printed on a keyboard. */
export const showKeys = (keys: Keys, isMac: boolean): readonly string[] =>
  keys.split(' ').map((key) =>
    key
      .split(/\+(?=.)/)
      .map((part) => (part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : (SIGNS[part] ?? part)))
      .join(' '),
  )
