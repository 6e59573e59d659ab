import type { Metadata } from 'next'
import { PageHeader } from '@/features/shell/page-header'
import { Link } from '@/ui/link'
import { Empty } from '@/ui/states'

export const metadata: Metadata = { title: 'No such page' }

export default function NotFound() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <Empty title="Nothing is at this address">
        It may have been written by hand. Go to{' '}
        <Link href="/runs" className="text-accent underline">
          the runs
        </Link>
        , or press Ctrl K to find a run, trace, session or user by its id.
      </Empty>
    </>
  )
}
