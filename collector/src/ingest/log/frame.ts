import { crc32 } from 'node:zlib'

/** Of a frame: length of its payload and CRC-32 of it, both little-endian. */
export const FRAME_HEADER_BYTES = 8
/** A longer one is damage: no request, and no block's entry, is larger. */
const MAX_PAYLOAD_BYTES = 256 * 1024 * 1024
/** Of an empty payload the checksum is 0, as of a hole of zeros that a crash left: the CRC starts from here instead. */
const CRC_SEED = 0x4361_6972

/** What stands before a payload in a file, so that a reader knows where it ends and whether it is whole. */
export function frameHeader(payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
  let length = 0
  let crc = CRC_SEED
  for (const part of payload) {
    length += part.length
    crc = crc32(part, crc)
  }
  header.writeUInt32LE(length, 0)
  header.writeUInt32LE(crc >>> 0, 4)
  return header
}

export interface Frame {
  /** Where its header begins in the bytes. */
  readonly start: number
  readonly end: number
  readonly payload: Buffer
}

/** `whole`: all bytes are frames; `cut`: they end inside of one; `damaged`: what follows is no frame. */
export type FrameEnd = 'whole' | 'cut' | 'damaged'

/** The frames at the beginning of `bytes`, as long as they are whole. Views into `bytes`, no copies. */
export function readFrames(bytes: Buffer, maxFrames = Number.POSITIVE_INFINITY): { frames: Frame[]; end: FrameEnd; needed: number } {
  const frames: Frame[] = []
  let at = 0
  while (at < bytes.length && frames.length < maxFrames) {
    if (at + FRAME_HEADER_BYTES > bytes.length) return { frames, end: 'cut', needed: FRAME_HEADER_BYTES }
    const length = bytes.readUInt32LE(at)
    if (length > MAX_PAYLOAD_BYTES) return { frames, end: 'damaged', needed: 0 }
    const start = at + FRAME_HEADER_BYTES
    if (start + length > bytes.length) return { frames, end: 'cut', needed: FRAME_HEADER_BYTES + length }
    const payload = bytes.subarray(start, start + length)
    if (crc32(payload, CRC_SEED) !== bytes.readUInt32LE(at + 4)) return { frames, end: 'damaged', needed: 0 }
    frames.push({ start: at, end: start + length, payload })
    at = start + length
  }
  return { frames, end: 'whole', needed: 0 }
}
