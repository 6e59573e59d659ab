import { createHash } from 'node:crypto'

/** Keys may hold what must not lie around in the clear, and be long: their hash is kept. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()
