import { type FileHandle, open, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFrames } from './frame.ts'

const NAME = /^(\d{12})\.log$/
/** A buffer of a reader's: most blocks fit. */
const SCAN_BYTES = 4 * 1024 * 1024

export const segmentPath = (folder: string, segment: number): string => join(folder, `${String(segment).padStart(12, '0')}.log`)

/** Numbers of the segments in a folder, oldest first. */
export async function listSegments(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

export async function deleteSegment(folder: string, segment: number): Promise<void> {
  await unlink(segmentPath(folder, segment)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** A file's entry in its folder is durable only once the folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads as much as there is, up to the buffer's length. */
export async function readFully(handle: FileHandle, into: Buffer, position: number): Promise<number> {
  let read = 0
  while (read < into.length) {
    const { bytesRead } = await handle.read(into, read, into.length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return read
}

/** Where a file's whole frames end. Behind that, a crash or a disk has left something else. */
export async function findWholeEnd(path: string): Promise<{ wholeBytes: number; fileBytes: number }> {
  const handle = await open(path, 'r')
  try {
    const fileBytes = (await handle.stat()).size
    let at = 0
    let want = SCAN_BYTES
    while (at < fileBytes) {
      const bytes = Buffer.allocUnsafe(Math.min(want, fileBytes - at))
      const read = await readFully(handle, bytes, at)
      const { frames, end, needed } = readFrames(bytes.subarray(0, read))
      const last = frames.at(-1)
      at += last?.end ?? 0
      if (end === 'damaged' || (end === 'cut' && at + needed > fileBytes)) break
      want = Math.max(SCAN_BYTES, needed)
    }
    return { wholeBytes: at, fileBytes }
  } finally {
    await handle.close()
  }
}
