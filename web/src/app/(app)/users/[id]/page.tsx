import type { Metadata } from 'next'
import { Suspense } from 'react'
import { UserPage } from '@/features/users/user-page'

export const metadata: Metadata = { title: 'User' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return (
    <Suspense>
      <UserPage id={decodeURIComponent(id)} />
    </Suspense>
  )
}
