import { useEffect, useMemo, useState } from 'react'
import { AT_ONCE_CHARS, differenceOfTexts, MOST_CHARS, type Piece } from './text-difference'

/** undefined: a worker is at it; null: too large, or too different. */
export function useTextDifference(a: string, b: string): readonly Piece[] | null | undefined {
  const chars = a.length + b.length
  const atOnce = useMemo(() => (chars <= AT_ONCE_CHARS || a === b ? differenceOfTexts(a, b) : undefined), [a, b, chars])
  const [found, setFound] = useState<{ a: string; b: string; pieces: Piece[] | null }>()
  useEffect(() => {
    if (atOnce !== undefined || chars > MOST_CHARS) return
    const worker = new Worker(new URL('./text-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Piece[] | null>) => setFound({ a, b, pieces: data })
    worker.onerror = () => setFound({ a, b, pieces: null })
    worker.postMessage({ a, b })
    return () => worker.terminate()
  }, [a, b, atOnce, chars])
  if (atOnce !== undefined) return atOnce
  if (chars > MOST_CHARS) return null
  return found !== undefined && found.a === a && found.b === b ? found.pieces : undefined
}
