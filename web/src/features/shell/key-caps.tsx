import { cn } from '@/ui/cn'
import { showKeys } from './keys-model'

const isMac = () => typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** Keys, each on its cap. */
export function KeyCaps({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn('inline-flex gap-1', className)}>
      {showKeys(keys, isMac()).map((key, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order of a sequence is what it is, and keys may come twice
        <kbd key={i} className="rounded border bg-raised px-1.5 py-px font-mono text-2xs text-muted">
          {key}
        </kbd>
      ))}
    </span>
  )
}
