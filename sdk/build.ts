import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Plugin } from 'rolldown'

// One file instead of several hundred: a process that takes over a crashed run starts its agent in a fraction of the time.
// The API of OpenTelemetry stays outside, as every instrumentation must find the same one, and so does NodeSDK, which few need.
const shared = { platform: 'node' } as const
const output = { dir: 'dist', format: 'esm', sourcemap: true, chunkFileNames: 'chunks/[name].js', minify: false } as const

await build({
  ...shared,
  input: { index: 'src/index.ts', 'otel/index': 'src/otel/index.ts' },
  external: [/^@opentelemetry\/(api|sdk-node)$/],
  output: { ...output, cleanDir: true },
  plugins: [notices()],
})
// Whoever builds on the schemas has zod, and both must mean the same one. A file each, so that a page takes what it uses and leaves the rest,
// zod with it. After the other, which empties the folder.
await build({
  ...shared,
  input: { 'protocol/index': 'src/protocol/index.ts' },
  external: [/^zod/],
  output: { ...output, preserveModules: true, preserveModulesRoot: 'src' },
})

/** The licences of what is inside, as they ask for. */
function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
      const folders = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageFolder))
      const texts = [...folders].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
        return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()}\n`
      })
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) })
    },
  }
}

/** Some packages keep a package.json without a name beside each format of theirs. */
function packageFolder(id: string): string {
  for (let folder = dirname(id); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined) return folder
  }
}
