import type { Metadata } from 'next'
import { Suspense } from 'react'
import { preloadTable } from '@/features/trace/preload-table'
import { TracePage } from '@/features/traces/trace-page'

export const metadata: Metadata = { title: 'Trace' }

export default async function Page({ params }: { params: Promise<{ traceId: string }> }) {
  const { traceId } = await params
  preloadTable(traceId)
  return (
    <Suspense>
      <TracePage traceId={traceId} />
    </Suspense>
  )
}
