// The last step of the build: see static-files.ts.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { ENCODINGS, staticFolder } from './static-files.ts'

const brotli = promisify(brotliCompress)
const compress = {
  br: (content: Buffer) =>
    brotli(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
}

const root = staticFolder(import.meta.dirname)
const names = (await readdir(root, { recursive: true })).filter((name) => /\.(js|css|svg|json|txt)$/.test(name))
await Promise.all(
  names.map(async (name) => {
    const content = await readFile(join(root, name))
    for (const { name: encoding, ending } of ENCODINGS) await writeFile(join(root, name + ending), await compress[encoding](content))
  }),
)
