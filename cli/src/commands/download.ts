import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Query } from '../api/client.ts'
import { reasonOf } from '../api/client.ts'
import type { CommandContext } from '../context.ts'
import { CliError, usageError } from '../errors.ts'
import { escapeBlock } from '../text/escape.ts'

interface Target {
  readonly file?: string | undefined
  readonly force?: boolean | undefined
  /** Not text: never onto a terminal. */
  readonly binary?: boolean
}

/** Streams an answer into a file (whole or not at all) or to stdout, whatever its size. */
export async function download({ api, out }: CommandContext, path: string, query: Query, { file, force, binary }: Target): Promise<void> {
  const { signal } = out.terminal
  if (file === undefined && binary && out.isTty) throw usageError('This format is not for a terminal.', 'Name a file: -o runs.parquet')
  if (file !== undefined && existsSync(file) && !force)
    throw usageError(`${file} exists.`, 'Name another file, or say --force to replace it.')
  const answer = await api.send('GET', path, { query, signal, timeoutMs: null })
  const body = answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
  let bytes = 0
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      bytes += chunk.byteLength
      yield chunk
    }
  }
  try {
    if (file === undefined) {
      if (out.isTty) {
        const decoder = new TextDecoder()
        for await (const chunk of counted(body)) await out.bytes(escapeBlock(decoder.decode(chunk, { stream: true })))
      } else for await (const chunk of counted(body)) await out.bytes(chunk)
      return
    }
    const part = `${file}.part-${process.pid}`
    try {
      await pipeline(body, counted, createWriteStream(part, { flags: 'wx' }))
      await rename(part, file)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  } catch (cause) {
    if (signal.aborted) throw new CliError('interrupted', 'Interrupted; nothing was kept.')
    throw new CliError('failure', `The download broke off after ${bytes.toLocaleString('en')} bytes: ${reasonOf(cause)}.`, {
      remedy: 'Try again; a filter makes it smaller.',
      cause,
    })
  }
  if (out.json) return out.document({ file, bytes })
  out.note(`${file}: ${bytes.toLocaleString('en')} bytes`)
}
