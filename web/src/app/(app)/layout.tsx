import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { Shell } from '@/features/shell/shell'
import { auth } from '@/server/auth'

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const asked = await headers()
  const session = await auth().api.getSession({ headers: asked })
  if (session === null) redirect(signInPath(asked.get('x-cairn-address') ?? '/'))
  return <Shell email={session.user.email}>{children}</Shell>
}

/** Signing in leads on to where the link led. */
function signInPath(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://localhost')
  searchParams.delete('_rsc')
  const next = searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`
  return next === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next })}`
}
