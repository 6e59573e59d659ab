import type { Metadata } from 'next'
import { Suspense } from 'react'
import { GroupPage } from '@/features/failures/group-page'

export const metadata: Metadata = { title: 'Failure' }

export default async function Page({ params }: { params: Promise<{ group: string }> }) {
  const { group } = await params
  return (
    <Suspense>
      <GroupPage group={group} />
    </Suspense>
  )
}
