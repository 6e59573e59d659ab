import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CostPage } from '@/features/reports/cost-page'

export const metadata: Metadata = { title: 'Cost' }

export default function Page() {
  return (
    <Suspense>
      <CostPage />
    </Suspense>
  )
}
