#!/usr/bin/env node
// Runs on any Node from 20 on; npm links it before anything is built.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../dist/main.js', import.meta.url)
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`cairn needs Node 20 or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else if (existsSync(fileURLToPath(main))) {
  await import(main.href)
} else {
  process.stderr.write('cairn is not built yet. Run `npm start`, or `npm run build`, in the repository.\n')
  process.exitCode = 1
}
