import type { Command } from 'commander'
import { ApiClient } from './api/client.ts'
import { readSettings } from './settings.ts'
import { Output, type Terminal } from './terminal.ts'

interface GlobalOptions {
  readonly url?: string
  readonly key?: string
  readonly json?: boolean
}

/** What a command works with. */
export interface CommandContext {
  readonly api: ApiClient
  readonly out: Output
}

/** The context of a command by its options and those of its parents. */
export function contextOf(terminal: Terminal, command: Command): CommandContext {
  const { url, key, json } = command.optsWithGlobals<GlobalOptions>()
  const out = new Output(terminal, json === true)
  const settings = readSettings({ url, key, env: terminal.env, cwd: terminal.cwd })
  if (settings.keyFrom.startsWith('/')) out.note(`Key from ${settings.keyFrom}`)
  return { api: new ApiClient(settings), out }
}
