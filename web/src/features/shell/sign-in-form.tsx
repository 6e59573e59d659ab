'use client'
import { useRouter, useSearchParams } from 'next/navigation'
import { type FormEvent, Suspense, useState } from 'react'
import { Button } from '@/ui/button'
import { authClient } from './auth-client'
import { Logo } from './logo'
import { ownAddress } from './own-address'

const FIELD = 'mt-1 w-full rounded-md border bg-bg px-3 py-2'

export function SignInForm() {
  return (
    <Suspense>
      <Form />
    </Suspense>
  )
}

function Form() {
  const router = useRouter()
  const next = useSearchParams().get('next') ?? '/'
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setError(null)
    const answer = await authClient.signIn.email({ email: String(form.get('email')), password: String(form.get('password')) })
    if (answer.error) {
      setError(answer.error.status === 429 ? 'Too many tries. Wait a minute.' : (answer.error.message ?? 'That did not work.'))
      setBusy(false)
      return
    }
    router.replace(ownAddress(next, window.location.origin))
    router.refresh()
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="w-full max-w-sm rounded-xl border bg-panel p-8 shadow-sm">
      <h1 className="flex items-center gap-2.5 font-semibold text-lg">
        <Logo /> Sign in to Cairn
      </h1>
      <p className="mt-1 text-muted">The command that started Cairn printed an e-mail and a password.</p>
      <label className="mt-6 block font-medium">
        Email
        <input name="email" type="email" autoComplete="username" required className={FIELD} />
      </label>
      <label className="mt-4 block font-medium">
        Password
        <input name="password" type="password" autoComplete="current-password" required className={FIELD} />
      </label>
      {error !== null && (
        <p role="alert" className="mt-4 text-bad">
          {error}
        </p>
      )}
      <Button type="submit" variant="primary" className="mt-6 w-full" disabled={busy}>
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  )
}
