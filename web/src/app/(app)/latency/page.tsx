import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LatencyPage } from '@/features/reports/latency-page'

export const metadata: Metadata = { title: 'Latency' }

export default function Page() {
  return (
    <Suspense>
      <LatencyPage />
    </Suspense>
  )
}
