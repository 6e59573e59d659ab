import type { Artifact } from '@cairn/sdk/protocol'

const IMAGES = /^image\/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml)$/
const TEXTS = /^(?:text\/|application\/(?:xml|yaml|x-yaml|toml|javascript|x-ndjson|jsonl)|.+\+xml$)/

/** How a file is shown: by its type, else by the end of its name. */
export function artifactForm({
  name,
  contentType,
}: Pick<Artifact, 'name' | 'contentType'>): 'image' | 'json' | 'csv' | 'markdown' | 'text' | 'other' {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const end = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (IMAGES.test(type)) return 'image'
  if (type === 'text/csv' || type === 'text/tab-separated-values' || end === 'csv' || end === 'tsv') return 'csv'
  if (type === 'text/markdown' || end === 'md') return 'markdown'
  if (type === 'application/json' || type.endsWith('+json') || end === 'json') return 'json'
  return TEXTS.test(type) || ['txt', 'log', 'jsonl', 'xml', 'html', 'yaml', 'yml', 'js', 'ts', 'py'].includes(end) ? 'text' : 'other'
}
