'use client'
import type { Artifact } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { formatBytes } from '@/lib/format'
import { Button } from '@/ui/button'
import { JsonView } from '@/ui/json-view'
import { LongText } from '@/ui/long-text'
import { MarkdownText } from '@/ui/markdown-text'
import { Empty, Failure, Loading } from '@/ui/states'
import { toVisibleText } from '@/ui/visible-text-model'
import { artifactForm } from './artifact-form'
import { parseCsv } from './csv-model'

const FIRST_BYTES = 512 * 1024
const MOST_BYTES = 16 * 1024 * 1024

interface ArtifactProps {
  readonly artifact: Artifact
  readonly address: string
}

/** A file as what it is; nothing of it is ever run, and nothing else is loaded for it. */
export function ArtifactContent({ artifact, address }: ArtifactProps) {
  const form = artifactForm(artifact)
  if (form === 'image') return <Picture artifact={artifact} address={address} />
  if (form === 'other') return <Empty title="Nothing to show of this kind">Download it to open it.</Empty>
  return <TextArtifact artifact={artifact} address={address} form={form} />
}

function Picture({ artifact, address }: ArtifactProps) {
  const [failed, setFailed] = useState(false)
  if (failed) return <Empty title="This is no picture that a browser can draw">Download it to look at it.</Empty>
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      {/* biome-ignore lint/performance/noImgElement: bytes from an agent go through no optimiser */}
      <img src={address} alt={toVisibleText(artifact.name)} className="max-w-full" onError={() => setFailed(true)} />
    </div>
  )
}

function TextArtifact({ artifact, address, form }: ArtifactProps & { form: 'json' | 'csv' | 'markdown' | 'text' }) {
  const [bytes, setBytes] = useState(FIRST_BYTES)
  const content = useQuery({
    queryKey: ['artifact', address, artifact.sha256, bytes],
    queryFn: ({ signal }) => readBeginning(address, bytes, signal),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (content.error !== null) return <Failure error={content.error} />
  if (content.data === undefined) return <Loading what="the artifact" />
  const isWhole = bytes >= artifact.bytes
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {!isWhole && (
        <p className="flex items-center gap-3 border-b px-4 py-1.5 text-muted">
          The first {formatBytes(bytes)} of {formatBytes(artifact.bytes)}.
          {bytes < MOST_BYTES && (
            <Button size="small" disabled={content.isFetching} onClick={() => setBytes(Math.min(MOST_BYTES, bytes * 4))}>
              Load more
            </Button>
          )}
        </p>
      )}
      <Drawn text={content.data} form={form} isWhole={isWhole && !content.isPlaceholderData} />
    </div>
  )
}

interface DrawnProps {
  readonly text: string
  readonly form: 'json' | 'csv' | 'markdown' | 'text'
  readonly isWhole: boolean
}

function Drawn({ text, form, isWhole }: DrawnProps) {
  const json = useMemo(() => (form === 'json' && isWhole ? parseJson(text) : undefined), [text, form, isWhole])
  if (form === 'csv') return <CsvTable text={text} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0} aria-label="Content">
      {form === 'markdown' ? (
        <MarkdownText text={text} />
      ) : json !== undefined ? (
        <JsonView value={json.value} />
      ) : (
        <LongText text={text} className="font-mono text-xs" />
      )}
    </section>
  )
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const CELL_CHARS = 300

function CsvTable({ text }: { text: string }) {
  const rows = useMemo(() => parseCsv(text), [text])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 26, overscan: 20 })
  const columns = Math.min(
    200,
    rows.reduce((most, row) => Math.max(most, row.length), 0),
  )
  const width = columns * 160 + 56
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section ref={scroller} aria-label="Table" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
      <table aria-rowcount={rows.length} className="block" style={{ width }}>
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <tr
              key={item.key}
              aria-rowindex={item.index + 1}
              className="absolute flex h-[26px] border-b"
              style={{ transform: `translateY(${item.start}px)`, width, fontWeight: item.index === 0 ? 600 : 400 }}
            >
              <td className="w-14 shrink-0 px-2 py-1 text-right text-2xs text-muted">{item.index + 1}</td>
              {Array.from({ length: columns }, (_, i) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                  key={i}
                  className="w-40 shrink-0 truncate border-l px-2 py-0.5"
                  dir="auto"
                  title={toVisibleText((rows[item.index]?.[i] ?? '').slice(0, 1_000))}
                >
                  {toVisibleText((rows[item.index]?.[i] ?? '').slice(0, CELL_CHARS))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The first bytes of a file as text; bytes that are no UTF-8 become the sign for that. */
async function readBeginning(address: string, most: number, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal })
  if (!answer.ok || answer.body === null)
    throw new Error(answer.status === 404 ? 'This file is gone.' : `The file could not be read (${answer.status}).`)
  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  const parts: string[] = []
  for (let left = most; left > 0; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(decoder.decode(value.subarray(0, left), { stream: true }))
    left -= value.length
  }
  await reader.cancel()
  return parts.join('')
}
