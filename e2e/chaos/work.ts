/** One run: rounds of a step and a fan-out. */
export interface Order {
  /** Length of a step's body, milliseconds. */
  readonly ms: number
}

export const ROUNDS = 6
export const WIDTH = 4
export const ITEMS = Array.from({ length: WIDTH }, (_, i) => `item-${i}`)
export const STEPS = ROUNDS * (WIDTH + 1)
