import type { Metadata } from 'next'
import { Suspense } from 'react'
import { SessionPage } from '@/features/sessions/session-page'

export const metadata: Metadata = { title: 'Session' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return (
    <Suspense>
      <SessionPage id={decodeURIComponent(id)} />
    </Suspense>
  )
}
