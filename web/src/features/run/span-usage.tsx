import type { Span } from '@cairn/sdk/protocol'
import { formatExact, formatUsd } from '@/lib/format'

const PARTS = [
  ['input', 'Input, not cached'],
  ['cacheRead', 'Cache read'],
  ['cacheWrite', 'Cache write'],
  ['cacheWrite1h', 'Cache write, 1 hour'],
  ['output', 'Output'],
  ['reasoning', 'Reasoning'],
  ['audioInput', 'Audio in'],
  ['audioOutput', 'Audio out'],
  ['images', 'Images'],
  ['requests', 'Requests'],
] as const

const SAVED_BY = { step_cache: 'the step cache', compaction: 'the summary of older messages' } as const
const savedText = ({ by, tokens, usd }: NonNullable<Span['saved']>) =>
  `Saved by ${SAVED_BY[by]}: ${formatExact(tokens)} tokens, ${formatUsd(usd)}`

export function UsageTable({ span }: { span: Span }) {
  const rows = PARTS.filter(([part]) => span.usage[part] > 0)
  const saved = span.saved && <p className="mt-3 first:mt-0">{savedText(span.saved)}</p>
  if (rows.length === 0) return saved ?? <p className="text-muted">No usage was reported.</p>
  return (
    <>
      <table className="tabular w-full text-left">
        <thead className="text-2xs text-muted">
          <tr>
            <th className="pb-1 font-normal">Part</th>
            <th className="pb-1 text-right font-normal">Tokens</th>
            <th className="pb-1 text-right font-normal">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([part, label]) => (
            <tr key={part} className="border-t">
              <td className="py-1">{label}</td>
              <td className="text-right">{formatExact(span.usage[part])}</td>
              <td className="text-right">{span.cost.priced ? formatUsd(span.cost.parts[part] ?? '0') : 'no price'}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t font-medium">
            <td className="py-1">Total</td>
            <td className="text-right">{formatExact(span.usage.total)}</td>
            <td className="text-right">{formatUsd(span.cost.total)}</td>
          </tr>
        </tfoot>
      </table>
      {saved}
      <p className="mt-3 text-2xs text-muted">
        {span.priceId === '' ? 'No price is known for this model.' : `Price: ${span.priceId}`}
        {!span.billable && ' · Not counted into sums: an inner span reports the same call.'}
      </p>
    </>
  )
}
