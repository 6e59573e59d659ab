import { build } from 'rolldown'

// The contract comes from its source, so that no other workspace has to be built; packages stay outside, where npm puts them.
await build({
  platform: 'node',
  input: { main: 'src/main.ts' },
  external: (id) => /^(node:|[a-z@])/.test(id) && !id.startsWith('@cairn/'),
  resolve: { conditionNames: ['@cairn/source', 'node', 'import'] },
  transform: { target: 'node20' },
  output: { dir: 'dist', format: 'esm', sourcemap: true, chunkFileNames: 'chunks/[name].js', minify: false, cleanDir: true },
})
