import type { BulkResume } from '@cairn/sdk/protocol'
import { formatCount } from '@/lib/format'

/** What became of runs that were resumed, in words. */
export function describeOutcomes({ succeeded, failed, unfinished }: NonNullable<BulkResume['outcomes']>): string {
  const parts = [
    succeeded > 0 && `${formatCount(succeeded)} succeeded`,
    failed > 0 && `${formatCount(failed)} failed again`,
    unfinished > 0 && `${formatCount(unfinished)} not finished yet`,
  ]
  return parts.filter((part) => part !== false).join(', ') || 'none of them goes on'
}
