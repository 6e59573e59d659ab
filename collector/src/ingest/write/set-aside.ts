import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of all that is set aside together; the oldest goes first. Whoever sends such things again and again must not fill the disk. */
const MOST_BYTES = 256 * 1024 * 1024

/** Keeps an accepted request that can't be stored, for a person to look at. Gives the file. */
export async function setAside(folder: string, name: string, payloads: readonly Buffer[], mostBytes = MOST_BYTES): Promise<string> {
  const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  await rm(path, { force: true })
  await makeRoom(folder, mostBytes - bytes)
  await writeFile(path, Buffer.concat(payloads))
  return path
}

async function makeRoom(folder: string, mostBytes: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name))
      return { name, size, mtimeMs }
    }),
  )
  let held = files.reduce((sum, { size }) => sum + size, 0)
  for (const { name, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (held <= mostBytes) return
    await rm(join(folder, name), { force: true })
    held -= size
  }
}
