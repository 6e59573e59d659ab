import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CliError, usageError } from './errors.ts'

/** Where the collector is and by which key it lets us in. */
export interface Settings {
  readonly url: string
  /** Undefined where none was found: /healthz and /readyz need none. */
  readonly key: string | undefined
  /** Which setting each came from, for people. */
  readonly urlFrom: string
  readonly keyFrom: string
}

export interface SettingsInput {
  readonly url?: string | undefined
  readonly key?: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}

/** Option > environment > the key that `npm start` left in this repository. */
export function readSettings({ url, key, env, cwd }: SettingsInput): Settings {
  const [given, urlFrom] = first([url, '--url'], [env.CAIRN_URL, 'CAIRN_URL']) ?? [
    `http://127.0.0.1:${env.CAIRN_HTTP_PORT || '4318'}`,
    env.CAIRN_HTTP_PORT ? 'CAIRN_HTTP_PORT' : 'default',
  ]
  const parsed = parseUrl(given, urlFrom)
  const named = first([key, '--key'], [env.CAIRN_API_KEY, 'CAIRN_API_KEY'])
  if (named !== undefined) return { url: parsed, key: named[0], urlFrom, keyFrom: named[1] }
  // The key in a folder is that of the system on this machine: no other host gets to see it.
  const file = isLoopback(parsed) ? findKeyFile(env, cwd) : undefined
  if (file === undefined) return { url: parsed, key: undefined, urlFrom, keyFrom: 'none' }
  return { url: parsed, key: readKey(file), urlFrom, keyFrom: file }
}

function first(...sources: [string | undefined, string][]): [string, string] | undefined {
  for (const [value, from] of sources) if (value !== undefined && value.trim() !== '') return [value.trim(), from]
  return undefined
}

function parseUrl(text: string, from: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw usageError(`${from}: ${JSON.stringify(text)} is not an http address.`, 'Give the collector as in http://127.0.0.1:4318.')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function findKeyFile(env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (env.CAIRN_DATA_DIR) {
    const file = join(resolve(cwd, env.CAIRN_DATA_DIR), 'project-key')
    return existsSync(file) ? file : undefined
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, '.cairn', 'project-key')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new CliError('failure', `${file} can't be read: ${cause instanceof Error ? cause.message : cause}`, {
      remedy: 'Run as the user who started Cairn, or give a key by --key or CAIRN_API_KEY.',
      cause,
    })
  }
}
