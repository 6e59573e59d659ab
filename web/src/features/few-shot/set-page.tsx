'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { ContentView } from '@/features/run/content-view'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo, formatUtc } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { Link } from '@/ui/link'
import { Empty, Failure, Loading } from '@/ui/states'

export function SetPage({ set }: { set: string }) {
  const trpc = useTRPC()
  const data = useQuery(trpc.fewShot.get.queryOptions({ set }))
  const versions = useQuery(trpc.fewShot.versions.queryOptions({ set }))
  const base = `/download/few-shot/${encodeURIComponent(set)}/export`
  const snippet = `const examples = await run.fewShot('${set}', { limit: 3, like: question })`
  return (
    <>
      <PageHeader title={set}>
        {['jsonl', 'openai', 'anthropic', 'csv'].map((format) => (
          <Button key={format} size="small" asChild>
            <a href={`${base}?format=${format}`} download>
              <Download size={12} aria-hidden /> {format}
            </a>
          </Button>
        ))}
      </PageHeader>
      {data.error !== null && <Failure error={data.error} />}
      {data.isPending && data.error === null && <Loading what="the set" />}
      {data.data !== undefined && (
        <div className="grid items-start gap-5 p-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid min-w-0 gap-3">
            {data.data.examples.length === 0 && <Empty title="No example in the current version" />}
            {data.data.examples.map((example, i) => (
              <Example key={example.id} set={set} example={example} number={i + 1} />
            ))}
          </div>
          <div className="grid min-w-0 gap-5">
            <section aria-label="Use it" className="min-w-0 rounded-lg border bg-panel p-3">
              <h2 className="mb-1.5 flex items-center justify-between font-medium">
                Use it <CopyButton label="code" text={snippet} />
              </h2>
              <pre className="whitespace-pre-wrap font-mono text-2xs [overflow-wrap:anywhere]">{snippet}</pre>
            </section>
            <section aria-label="Versions" className="rounded-lg border bg-panel p-3">
              <h2 className="mb-1.5 font-medium">Versions</h2>
              <ol>
                {versions.data?.map((version) => (
                  <li key={version.version} className="[overflow-wrap:anywhere] border-t py-1.5 first:border-t-0">
                    <span className="tabular font-medium">{version.version}</span> {version.change}
                    <p className="text-2xs text-muted" title={formatUtc(version.createdAt)}>
                      {formatAgo(version.createdAt)}
                      {version.actor !== null && `, ${version.actor}`}
                    </p>
                  </li>
                ))}
              </ol>
            </section>
          </div>
        </div>
      )}
    </>
  )
}

interface ExampleProps {
  readonly set: string
  readonly number: number
  readonly example: { id: string; input: string; output: string; note: string | null; tags: string[]; runId: string | null }
}

function Example({ set, number, example }: ExampleProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const remove = useMutation(
    trpc.fewShot.remove.mutationOptions({
      onSuccess: ({ version }) => toast.success(`Removed in version ${version}; earlier versions keep it.`),
      onError: (error) => toast.error(error.message),
      onSettled: () => client.invalidateQueries(),
    }),
  )
  return (
    <article aria-label={`Example ${number}`} className="rounded-lg border bg-panel">
      <header className="flex items-center gap-3 border-b px-3 py-1.5">
        <h2 className="font-medium">Example {number}</h2>
        {example.runId !== null && (
          <Link href={`/runs/${example.runId}`} className="text-accent hover:underline">
            from run {example.runId.slice(-8)}
          </Link>
        )}
        <span className="ml-auto" />
        <Button size="small" variant="ghost" onClick={() => setEditing(true)}>
          Edit
        </Button>
        <Button size="small" variant="ghost" onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </header>
      <div className="grid grid-cols-1 gap-3 p-3 lg:grid-cols-2">
        <div>
          <h3 className="mb-1 text-2xs text-muted">Input</h3>
          <ContentView value={JSON.parse(example.input)} />
        </div>
        <div>
          <h3 className="mb-1 text-2xs text-muted">Output</h3>
          <ContentView value={JSON.parse(example.output)} />
        </div>
      </div>
      {example.note !== null && <p className="border-t px-3 py-2 text-muted">{example.note}</p>}
      {editing && <EditDialog set={set} example={example} onClose={() => setEditing(false)} />}
      <Dialog
        title={`Remove example ${number}?`}
        description="The set gets a new version without it. Earlier versions keep it."
        open={removing}
        onOpenChange={setRemoving}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setRemoving(false)}>Keep it</Button>
          <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate({ set, id: example.id })}>
            Remove example
          </Button>
        </div>
      </Dialog>
    </article>
  )
}

function EditDialog({ set, example, onClose }: { set: string; example: ExampleProps['example']; onClose: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [output, setOutput] = useState(() => JSON.stringify(JSON.parse(example.output), null, 2))
  const [note, setNote] = useState(example.note ?? '')
  const edit = useMutation(trpc.fewShot.edit.mutationOptions({ onSuccess: onClose, onSettled: () => client.invalidateQueries() }))
  return (
    <Dialog title="Edit example" open onOpenChange={(open) => open || onClose()}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          edit.mutate({ set, id: example.id, output, note: note === '' ? null : note })
        }}
      >
        <label className="block font-medium">
          Output (JSON)
          <textarea
            value={output}
            onChange={(event) => setOutput(event.target.value)}
            rows={12}
            className="mt-1 w-full rounded-md border bg-bg p-2 font-mono font-normal text-xs"
          />
        </label>
        <label className="block font-medium">
          Note
          <input
            value={note}
            onChange={(event) => setNote(event.target.value)}
            className="mt-1 w-full rounded-md border bg-bg px-3 py-1.5 font-normal"
          />
        </label>
        {edit.error !== null && <Failure error={edit.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" variant="primary" disabled={edit.isPending}>
            Save as a new version
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
