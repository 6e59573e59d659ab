import type { Metadata } from 'next'
import { SignInForm } from '@/features/shell/sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <main className="flex min-h-screen items-center justify-center p-6">
      <SignInForm />
    </main>
  )
}
