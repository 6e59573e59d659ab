'use client'
import { FingerprintRules, type StoredFingerprintRules } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { formatAgo, formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure, Loading } from '@/ui/states'
import { Message } from './fingerprint-view'

const PARTS = [
  ['message', 'Message', 'without numbers, ids and quoted text'],
  ['step', 'Step', 'that ran when it failed'],
  ['agent', 'Agent', 'or service, of traces without one'],
] as const

/** How failures are grouped from now on in this project, tried on what is there. */
export function RulesDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC()
  const rules = useQuery({ ...trpc.failures.rules.queryOptions(), enabled: open, staleTime: 0 })
  return (
    <Dialog
      title="What makes failures one group"
      description="Counts for errors to come. Groups that are there can be merged, and taken apart again, on their pages."
      open={open}
      onOpenChange={onOpenChange}
    >
      {rules.error !== null && <Failure error={rules.error} />}
      {rules.isPending && open && <Loading what="the rules" />}
      {rules.data !== undefined && <RulesForm key={rules.data.updatedAt} stored={rules.data} onDone={() => onOpenChange(false)} />}
    </Dialog>
  )
}

function RulesForm({ stored, onDone }: { stored: StoredFingerprintRules; onDone: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [rules, setRules] = useState<FingerprintRules>(() => FingerprintRules.parse(stored))
  const [carryOver, setCarryOver] = useState(true)
  const preview = useMutation(trpc.failures.previewRules.mutationOptions())
  const put = useMutation(
    trpc.failures.putRules.mutationOptions({
      onSuccess: () => {
        toast.success('Errors are grouped so from now on.')
        onDone()
      },
      onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
    }),
  )
  const change = (changed: Partial<FingerprintRules>) => {
    setRules({ ...rules, ...changed })
    preview.reset()
    put.reset()
  }
  const setPattern = (at: number, changed: Partial<FingerprintRules['patterns'][number]>) =>
    change({ patterns: rules.patterns.map((pattern, index) => (index === at ? { ...pattern, ...changed } : pattern)) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    put.mutate({ ...rules, carryOver })
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <fieldset className="grid grid-cols-1 gap-1.5">
        <legend className="mb-1 font-medium">These count, with the error’s type</legend>
        {PARTS.map(([part, label, what]) => (
          <label key={part} className="flex items-center gap-2">
            <input type="checkbox" checked={rules[part]} onChange={(event) => change({ [part]: event.target.checked })} /> {label}{' '}
            <span className="text-muted">{what}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className="grid grid-cols-1 gap-2">
        <legend className="mb-1 font-medium">
          Text that varies, too <span className="font-normal text-muted">(RE2 expressions, replaced first)</span>
        </legend>
        {rules.patterns.map((pattern, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: expressions have no identity but their place
          <div key={at} className="flex items-center gap-2">
            <input
              value={pattern.pattern}
              onChange={(event) => setPattern(at, { pattern: event.target.value })}
              aria-label={`Expression ${at + 1}`}
              placeholder="order [A-Z]+"
              required
              maxLength={200}
              className="h-8 min-w-0 flex-1 rounded-md border bg-bg px-2.5 font-mono"
            />
            <span aria-hidden>→</span>
            <input
              value={pattern.replacement}
              onChange={(event) => setPattern(at, { replacement: event.target.value })}
              aria-label={`In the place of expression ${at + 1}`}
              required
              maxLength={40}
              className="h-8 w-28 rounded-md border bg-bg px-2.5 font-mono"
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove expression ${at + 1}`}
              onClick={() => change({ patterns: rules.patterns.filter((_, index) => index !== at) })}
            >
              <X size={14} aria-hidden />
            </Button>
          </div>
        ))}
        {rules.patterns.length < 10 && (
          <Button
            size="small"
            className="justify-self-start"
            onClick={() => change({ patterns: [...rules.patterns, { pattern: '', replacement: '<…>' }] })}
          >
            <Plus size={13} aria-hidden /> Expression
          </Button>
        )}
      </fieldset>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={carryOver} onChange={(event) => setCarryOver(event.target.checked)} /> Present groups go on in those
        that their next failures will be of
      </label>
      {stored.updatedAt !== null && (
        <p className="text-muted">
          Changed {formatAgo(stored.updatedAt)}
          {stored.actor !== null && ` by ${stored.actor}`}.
        </p>
      )}
      {(preview.error ?? put.error) !== null && <Failure error={preview.error ?? put.error ?? { message: '' }} />}
      {preview.data !== undefined && (
        <section aria-label="Preview" className="rounded-md border">
          <p role="status" className="px-3 py-2">
            Of {formatCount(preview.data.looked)} groups of the last 30 days {formatCount(preview.data.looked - preview.data.alone)} would
            fall together into {formatCount(preview.data.together.length)}; {formatCount(preview.data.alone)} would stay as they are.
          </p>
          <ul className="max-h-64 overflow-y-auto">
            {preview.data.together.map((group) => (
              <li key={group.group} className="border-t px-3 py-2">
                <p className="font-medium [overflow-wrap:anywhere]">
                  {group.parts.length} groups: <Message pieces={group.message} />
                </p>
                <ul className="mt-1 text-muted">
                  {group.parts.map((part) => (
                    <li key={part.group} className="truncate">
                      {formatCount(part.count)} · {part.errorType}: {part.errorMessage} · {part.agent}
                      {part.step !== '' && ` · ${part.step}`}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="flex justify-end gap-2">
        <Button disabled={preview.isPending} onClick={() => preview.mutate(rules)}>
          {preview.isPending ? 'Trying …' : 'Try it'}
        </Button>
        <Button type="submit" variant="primary" disabled={put.isPending}>
          Group so from now on
        </Button>
      </div>
    </form>
  )
}
