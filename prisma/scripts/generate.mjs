// Generates the Prisma client, offline, unless it is there already for this very schema and this very Prisma.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const generated = join(root, 'src/generated')
const stamp = join(generated, '.stamp')
const require = createRequire(import.meta.url)
const cliPackage = require.resolve('prisma/package.json')
const cli = JSON.parse(readFileSync(cliPackage, 'utf8'))

const schema = readFileSync(join(root, 'schema.prisma'), 'utf8')
const wanted = createHash('sha256').update(`${cli.version}\n${schema}`).digest('hex')
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0)

// Into a folder of its own and then renamed, so that two builds at once never see half a client.
const fresh = join(root, `node_modules/.generated-${process.pid}`)
mkdirSync(fresh, { recursive: true })
const schemaCopy = join(fresh, 'schema.prisma')
writeFileSync(schemaCopy, schema.replace('./src/generated', './client'))
// Generating needs no schema engine, but the CLI wants to find one: any existing file will do.
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(dirname(cliPackage), cli.bin.prisma), 'generate', '--schema', schemaCopy, '--no-hints'],
  {
    cwd: root,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  },
)
if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
else {
  writeFileSync(join(fresh, 'client/.stamp'), wanted)
  const old = `${fresh}-old`
  if (existsSync(generated)) renameSync(generated, old)
  renameSync(join(fresh, 'client'), generated)
  rmSync(old, { recursive: true, force: true })
}
rmSync(fresh, { recursive: true, force: true })
process.exit(status ?? 1)
