import type { Metadata } from 'next'
import { Suspense } from 'react'
import { TracePage } from '@/features/traces/trace-page'

export const metadata: Metadata = { title: 'Trace' }

export default async function Page({ params }: { params: Promise<{ traceId: string }> }) {
  const { traceId } = await params
  return (
    <Suspense>
      <TracePage traceId={traceId} />
    </Suspense>
  )
}
