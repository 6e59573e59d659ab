import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FewShotPage } from '@/features/few-shot/few-shot-page'

export const metadata: Metadata = { title: 'Few-shot sets' }

export default function Page() {
  return (
    <Suspense>
      <FewShotPage />
    </Suspense>
  )
}
