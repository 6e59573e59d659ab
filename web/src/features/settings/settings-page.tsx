'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo, formatUtc } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { Scroller } from '@/ui/scroller'
import { Failure, Loading } from '@/ui/states'
import { Prices } from './prices'
import { RetentionSettings } from './retention'

export function SettingsPage() {
  const trpc = useTRPC()
  const project = useQuery(trpc.settings.project.queryOptions())
  return (
    <>
      <PageHeader title="Settings" />
      {project.error !== null && <Failure error={project.error} />}
      {project.isPending && project.error === null && <Loading what="settings" />}
      {project.data !== undefined && (
        <div className="grid max-w-4xl gap-8 p-5">
          <section aria-labelledby="project">
            <h2 id="project" className="mb-2 font-medium">
              Project
            </h2>
            <p>
              {project.data.name}{' '}
              <span className="text-muted">
                of {project.data.organization}; you are {project.data.role} ({project.data.email})
              </span>
            </p>
          </section>
          <Keys />
          <Prices />
          <RetentionSettings />
          <Instrument collectorUrl={project.data.collectorUrl} />
        </div>
      )}
    </>
  )
}

function Keys() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const keys = useQuery(trpc.settings.keys.queryOptions())
  const [name, setName] = useState('')
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null)
  const refresh = { onSettled: () => client.invalidateQueries() }
  const create = useMutation(trpc.settings.createKey.mutationOptions({ ...refresh, onSuccess: () => setName('') }))
  const revoke = useMutation(trpc.settings.revokeKey.mutationOptions({ ...refresh, onSuccess: () => setRevoking(null) }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ name })
  }
  return (
    <section aria-labelledby="keys">
      <h2 id="keys" className="mb-2 font-medium">
        API keys
      </h2>
      <form onSubmit={submit} className="flex gap-2">
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={100}
          placeholder="What is it for?"
          aria-label="Name of the new key"
          className="h-8 w-64 rounded-md border bg-panel px-2.5"
        />
        <Button type="submit" disabled={create.isPending}>
          Create key
        </Button>
      </form>
      {create.error !== null && <Failure error={create.error} />}
      {create.data !== undefined && (
        <p role="status" className="mt-3 flex flex-wrap items-center gap-2 rounded-md border border-good/40 bg-good/5 px-3 py-2">
          <code className="font-mono [overflow-wrap:anywhere]">{create.data.key}</code>
          <CopyButton label="key" text={create.data.key} />
          <span className="text-muted">Copy it now: it is not shown again.</span>
        </p>
      )}
      <ul className="mt-3">
        {keys.data?.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center gap-3 border-t py-2">
            <span className={key.revokedAt === null ? 'font-medium' : 'text-muted line-through'}>{key.name}</span>
            <code className="font-mono text-2xs text-muted">{key.prefix}…</code>
            <span className="text-muted" title={formatUtc(key.createdAt)}>
              made {formatAgo(key.createdAt)}
            </span>
            {key.revokedAt === null ? (
              <Button size="small" variant="danger" className="ml-auto" onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            ) : (
              <span className="ml-auto text-muted">revoked</span>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        title={`Revoke ${revoking?.name ?? 'key'}?`}
        description="What uses it is refused within half a minute. This can't be undone."
        open={revoking !== null}
        onOpenChange={(open) => open || setRevoking(null)}
      >
        {revoke.error !== null && <Failure error={revoke.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setRevoking(null)}>Keep it</Button>
          <Button variant="danger" disabled={revoke.isPending} onClick={() => revoking !== null && revoke.mutate({ id: revoking.id })}>
            Revoke key
          </Button>
        </div>
      </Dialog>
    </section>
  )
}

function Instrument({ collectorUrl }: { collectorUrl: string }) {
  const sdk = `npm i @cairn/sdk
export CAIRN_URL=${collectorUrl}
export CAIRN_API_KEY=…

import { Cairn } from '@cairn/sdk'
const cairn = new Cairn()
const greet = cairn.agent({ name: 'greet' }, async (run, name: string) =>
  run.step('compose', () => \`Hello, \${name}\`))
await cairn.serve([greet])`
  const otel = `export OTEL_EXPORTER_OTLP_ENDPOINT=${collectorUrl}
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer …"`
  return (
    <section aria-labelledby="instrument" className="grid grid-cols-1 gap-4">
      <h2 id="instrument" className="font-medium">
        Instrument
      </h2>
      <Snippet title="An agent, durable" text={sdk} />
      <Snippet title="Any OpenTelemetry exporter, no code change" text={otel} />
    </section>
  )
}

const Snippet = ({ title, text }: { title: string; text: string }) => (
  <div className="rounded-lg border bg-panel">
    <h3 className="flex items-center justify-between border-b px-3 py-1">
      {title} <CopyButton label={title} text={text} />
    </h3>
    <Scroller label={title}>
      <pre className="p-3 font-mono text-xs">{text}</pre>
    </Scroller>
  </div>
)
