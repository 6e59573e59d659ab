import type { ReactNode } from 'react'

/** Says why there is nothing, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-16 text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-lg text-muted">{children}</div>}
    </div>
  )
}

export function Loading({ what }: { what: string }) {
  return (
    <p role="status" className="px-6 py-16 text-center text-muted">
      Loading {what} …
    </p>
  )
}

export function Failure({ error }: { error: { message: string } }) {
  return (
    <p role="alert" className="m-4 rounded-md border border-bad/40 bg-bad/5 px-4 py-3 text-bad">
      {error.message}
    </p>
  )
}

export const Code = ({ children }: { children: string }) => (
  <code className="rounded bg-raised px-1 py-0.5 font-mono text-[0.92em] [overflow-wrap:anywhere]">{children}</code>
)
