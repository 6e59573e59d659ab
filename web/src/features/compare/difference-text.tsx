import { cn } from '@/ui/cn'
import type { Said } from './format-difference'

const TONES = { good: 'text-good', bad: 'text-bad', neutral: 'text-muted' } as const

/** A difference with its sign and its word. */
export const DifferenceText = ({ said, withWord = false }: { said: Said; withWord?: boolean }) => (
  <span className={cn('tabular', TONES[said.tone])}>
    {said.text}
    {withWord && said.tone !== 'neutral' ? ` ${said.word}` : <span className="sr-only"> {said.word}</span>}
  </span>
)
