'use client'
import dynamic from 'next/dynamic'

/** A bar chart. The charts' library comes after the figures: nobody waits for it to read them. */
export const Bars = dynamic(() => import('./bars-chart').then(({ BarsChart }) => BarsChart), {
  ssr: false,
  loading: () => <div className="h-56" />,
})
