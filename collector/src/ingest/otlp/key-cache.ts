const SLOTS = 4_096
const LONGEST = 64

/** Gives back the same string for the same bytes, without decoding them again. Of fixed size: a collision only decodes. */
export class KeyCache {
  private readonly bytes: (Buffer | undefined)[] = new Array<Buffer | undefined>(SLOTS).fill(undefined)
  private readonly strings: string[] = new Array<string>(SLOTS).fill('')

  get(buffer: Buffer, start: number, end: number): string {
    const length = end - start
    if (length > LONGEST) return buffer.toString('utf8', start, end)
    let hash = length
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] ?? 0)) | 0
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
    const known = this.bytes[slot]
    if (known !== undefined && known.length === length && isSame(known, buffer, start)) return this.strings[slot] ?? ''
    const text = buffer.toString('utf8', start, end)
    this.bytes[slot] = Buffer.from(buffer.subarray(start, end))
    this.strings[slot] = text
    return text
  }
}

function isSame(known: Buffer, buffer: Buffer, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== buffer[start + i]) return false
  return true
}
