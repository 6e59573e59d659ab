import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Something that runs steps and has each stored in Postgres before the next begins. */
export interface StepSystem {
  readonly name: string
  setup(): Promise<void>
  /** One run of so many steps; calls `mark` as each body begins, and once more after the last. LangGraph waits where it gives a promise. */
  run(steps: number, mark: () => void | Promise<void>): Promise<void>
  stop(): Promise<void>
}

export interface PeerOptions {
  readonly databaseUrl: string
  /** What each step returns. */
  readonly result: unknown
  readonly poolSize: number
  /** Absurd's schema, its file. */
  readonly sqlFile?: string
  /** What each step adds to the state. */
  readonly grow?: () => string
}

const PEERS = ['dbos', 'langgraph', 'absurd'] as const
type Peer = (typeof PEERS)[number]

/** Of the size of a search hit. */
export const RESULT = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(4) }

export const peersFolder = join(import.meta.dirname, '..', 'peers')

/** Absurd's npm package has no SQL: without a file of it there is no Absurd to measure. */
export const absurdSql = process.env.ABSURD_SQL ?? join(peersFolder, 'absurd.sql')

export const availablePeers = (): readonly Peer[] => PEERS.filter((peer) => peer !== 'absurd' || existsSync(absurdSql))

/** Peers are no part of the repository's own install. */
export function installPeers(): void {
  if (existsSync(join(peersFolder, 'node_modules', '@dbos-inc'))) return
  process.stderr.write('Installing the peers …\n')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peersFolder, stdio: 'inherit' })
}

export async function makePeer(peer: Peer, options: PeerOptions): Promise<StepSystem> {
  const module = (await import(join(peersFolder, `${peer}.mjs`))) as { makeSystem(options: PeerOptions): StepSystem }
  return module.makeSystem(options)
}
