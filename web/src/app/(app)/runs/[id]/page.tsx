import { isRunId, type Run } from '@cairn/sdk/protocol'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Suspense } from 'react'
import { RunPage } from '@/features/run/run-page'
import { preloadTable } from '@/features/trace/preload-table'
import { callCollector } from '@/server/collector'
import { refuseStranger } from '@/server/member'

export const metadata: Metadata = { title: 'Run' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const run = await findRun(id)
  if (run !== undefined) preloadTable(run.traceId)
  return (
    <Suspense>
      <RunPage id={id} initial={run} />
    </Suspense>
  )
}

/** The run for the first look. What goes wrong here the page finds out itself, and says so. */
async function findRun(id: string): Promise<Run | undefined> {
  // A layout that asks who it is may be left out of an answer: the page asks too.
  if (!isRunId(id) || (await refuseStranger({ headers: await headers() })) !== null) return undefined
  return callCollector<Run>(`/api/v1/runs/${id}`).catch(() => undefined)
}
