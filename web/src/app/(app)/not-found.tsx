import { PageHeader } from '@/features/shell/page-header'
import { Link } from '@/ui/link'
import { Empty } from '@/ui/states'

export default function NotFound() {
  return (
    <>
      <PageHeader title="No such page" />
      <Empty title="There is no page at this address">
        <p>
          It may have been typed or copied wrong.{' '}
          <Link href="/" className="text-accent underline">
            Overview
          </Link>
        </p>
      </Empty>
    </>
  )
}
