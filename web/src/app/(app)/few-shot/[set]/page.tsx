import type { Metadata } from 'next'
import { SetPage } from '@/features/few-shot/set-page'

export const metadata: Metadata = { title: 'Few-shot set' }

export default async function Page({ params }: { params: Promise<{ set: string }> }) {
  const { set } = await params
  return <SetPage set={decodeURIComponent(set)} />
}
