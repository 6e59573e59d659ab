import { useEffect, useRef } from 'react'

interface Read {
  readonly isFetching: boolean
  readonly refetch: (options: { cancelRefetch: boolean }) => unknown
}

/**
 * Reads something large again when something small, which is polled, says that it has changed. One reading at a time: what changes
 * meanwhile is read after it. The first reading, by mounting, must not come from a cache.
 */
export function useReadAgain(version: string | undefined, { isFetching, refetch }: Read): void {
  const readFor = useRef(version)
  useEffect(() => {
    if (version === undefined || isFetching || readFor.current === version) return
    readFor.current = version
    void refetch({ cancelRefetch: false })
  }, [version, isFetching, refetch])
}
