import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { Shell } from '@/features/shell/shell'
import { auth } from '@/server/auth'

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const session = await auth().api.getSession({ headers: await headers() })
  if (session === null) redirect('/sign-in')
  return <Shell email={session.user.email}>{children}</Shell>
}
