import { type Bound, isCharacterKey, type Pressed, pressKey, toKey } from './keys-model'

/** After this the next key begins anew. */
const SEQUENCE_MS = 1_500

export interface Press extends Pressed {
  readonly repeat: boolean
  readonly isComposing: boolean
  readonly defaultPrevented: boolean
  readonly target: EventTarget | null
  preventDefault(): void
  stopPropagation(): void
}

interface Reaction extends Bound {
  /** Something is done, not moved: a key that is held down does it once. */
  readonly inPalette: boolean
  readonly run?: () => void
}

interface Surroundings {
  readonly commands: () => readonly Reaction[]
  /** Whether keys without Ctrl or ⌘ are wanted. */
  readonly hasCharacterKeys: () => boolean
  /** Whether the element that has the focus needs the key itself. */
  readonly isTaken: (target: EventTarget | null, key: string) => boolean
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number
}

/** What a page does with its keys: `onCapture` before the element that has the focus sees one, `onBubble` after it. */
export function createKeyPresses({ commands, hasCharacterKeys, isTaken, now }: Surroundings) {
  let pending: readonly string[] = []
  let pressedAt = 0
  let isOfSequence = false
  const press = (event: Press) => {
    const key = toKey(event)
    if (key === null || event.defaultPrevented || event.isComposing || isTaken(event.target, key)) return
    if (isCharacterKey(key) && !hasCharacterKeys()) return
    const { hit, pending: next } = pressKey(
      pending,
      key,
      commands().filter((command) => command.run !== undefined),
    )
    pending = next
    pressedAt = now()
    if (hit === undefined) return
    event.preventDefault()
    if (!(event.repeat && hit.inPalette)) hit.run?.()
  }
  return {
    /** Within a sequence a key belongs to it alone, also where the element that has the focus has a use for it. */
    onCapture(event: Press): void {
      const key = toKey(event)
      if (now() - pressedAt > SEQUENCE_MS || (key !== null && isTaken(event.target, key))) pending = []
      const isHeld = event.repeat && isOfSequence
      isOfSequence = key !== null && (isHeld || pending.length > 0)
      if (!isOfSequence) return
      if (isHeld) event.preventDefault()
      else press(event)
      event.stopPropagation()
    },
    onBubble(event: Press): void {
      if (!isOfSequence) press(event)
    },
  }
}
