import type { FailureGroup, MessagePiece } from '@cairn/sdk/protocol'
import type { ReactNode } from 'react'
import { formatCount } from '@/lib/format'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { useMerge } from './merge-dialog'

/** What the fingerprint is made of, with what was replaced marked; and the groups that a person put together. */
export function FingerprintView({ data }: { data: FailureGroup }) {
  const { fingerprint } = data
  const { rules } = fingerprint
  const { unmerge, isPending } = useMerge()
  return (
    <div className="grid grid-cols-1 gap-3 px-4 py-3">
      <p className="text-muted">Failures with the same of these are one group. Marked text varies, so it doesn’t count.</p>
      <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Part name="Type" counts>
          {fingerprint.errorType}
        </Part>
        <Part name="Message" counts={rules.message}>
          <Message pieces={fingerprint.message} />
        </Part>
        <Part name="Step" counts={rules.step}>
          {fingerprint.step || 'none'}
        </Part>
        <Part name="Agent" counts={rules.agent}>
          {fingerprint.agent || 'none'}
        </Part>
      </dl>
      {!fingerprint.isCurrent && (
        <p className="text-warn">
          The newest of these was grouped under other rules, or by more of its message than is kept: the next one like it may come to
          another group.
        </p>
      )}
      <p className="text-muted">
        Fingerprint <code className="font-mono">{data.group}</code>.{' '}
        <Link href="/failures?rules=true" className="text-accent underline">
          Change what counts
        </Link>
      </p>
      {data.parts.length > 0 && (
        <div>
          <h3 className="mb-1 font-medium">Merged into it</h3>
          <ul>
            {data.parts.map((part) => (
              <li key={part.group} className="flex items-baseline gap-2 border-t py-1.5">
                <span className="tabular w-10 shrink-0 text-right text-bad">{formatCount(part.count)}</span>
                <span className="min-w-0 flex-1 truncate" title={part.errorMessage}>
                  {part.errorType === '' ? <code className="font-mono text-muted">{part.group}</code> : part.errorType}{' '}
                  <span className="text-muted">{part.errorMessage}</span>
                </span>
                <Button
                  size="small"
                  variant="ghost"
                  disabled={isPending}
                  aria-label={`Take ${part.errorType || part.group} out`}
                  onClick={() => unmerge(data.group, [part.group])}
                >
                  Take out
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

const Part = ({ name, counts, children }: { name: string; counts: boolean; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd
      className={`[overflow-wrap:anywhere] ${counts ? '' : 'text-muted line-through'}`}
      title={counts ? undefined : 'Doesn’t count, by the rules of this project'}
    >
      {children}
    </dd>
  </>
)

export const Message = ({ pieces }: { pieces: readonly MessagePiece[] }) => (
  <span className="whitespace-pre-wrap">
    {pieces.map((piece, at) =>
      piece.replaced === null ? (
        piece.text
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
        <mark key={at} className="rounded-sm bg-warn/20 px-0.5 text-fg" title={`In its place: ${piece.text}`}>
          {piece.replaced || piece.text}
        </mark>
      ),
    )}
  </span>
)
