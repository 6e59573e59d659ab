import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from './config.ts'
import type { LogFile } from './log-file.ts'

interface Part {
  readonly workspace: string
  readonly what: string
  /** Files that its build reads. */
  readonly sources: readonly string[]
  /** Where the build's stamp lies: gone with what it built. */
  readonly stamp: string
}

export type PartName = 'prisma' | 'sdk' | 'cli' | 'web'

const PARTS: Readonly<Record<PartName, Part>> = {
  prisma: {
    workspace: '@cairn/prisma',
    what: 'Prisma client',
    sources: ['prisma/schema.prisma', 'package-lock.json'],
    stamp: 'prisma/src/generated/.built',
  },
  sdk: {
    workspace: '@cairn/sdk',
    what: 'SDK',
    sources: ['sdk/src/**/*.ts', 'sdk/tsconfig*.json', 'package-lock.json'],
    stamp: 'sdk/dist/.built',
  },
  cli: {
    workspace: '@cairn/cli',
    what: 'CLI',
    sources: ['cli/src/**/*.ts', 'cli/*.{ts,json}', 'sdk/src/protocol/**/*.ts', 'package-lock.json'],
    stamp: 'cli/dist/.built',
  },
  web: {
    workspace: '@cairn/web',
    what: 'web (half a minute)',
    sources: [
      'web/{src,public}/**/*',
      'web/*.{ts,json,mjs}',
      'sdk/src/protocol/**/*.ts',
      'prisma/src/**/*.ts',
      'prisma/schema.prisma',
      'clickhouse/src/**/*.ts',
      'package-lock.json',
    ],
    stamp: 'web/.next/.built',
  },
}

/** Builds of these what is missing or older than its sources, one after the other. */
export async function buildParts(root: string, names: readonly PartName[], log: LogFile, say: (line: string) => void): Promise<void> {
  for (const name of names) {
    const part = PARTS[name]
    const wanted = hashSources(root, part)
    const stamp = join(root, part.stamp)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue
    say(`Building the ${part.what} …`)
    await build(root, part, log)
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, wanted)
  }
}

function hashSources(root: string, part: Part): string {
  const hash = createHash('sha256')
  const files = [...new Set(part.sources.flatMap((pattern) => globSync(pattern, { cwd: root })))]
  for (const file of files.filter((name) => !name.includes('/generated/') && !name.includes('.test.')).sort()) {
    const path = join(root, file)
    if (statSync(path).isFile()) hash.update(file).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

async function build(root: string, part: Part, log: LogFile): Promise<void> {
  const child = spawn('npm', ['run', 'build', '-w', part.workspace, '--silent'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1' },
  })
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => log.write(text))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new StartError(`Building the ${part.what} failed. Its log (${log.path}) ends:\n${log.tail(20)}`)
}
