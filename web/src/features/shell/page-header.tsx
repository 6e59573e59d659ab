import type { ReactNode } from 'react'

export function PageHeader({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="sticky top-0 z-20 flex flex-wrap items-center gap-3 border-b bg-bg/95 px-5 py-3 backdrop-blur">
      <h1 className="mr-auto font-semibold text-base">{title}</h1>
      {children}
    </header>
  )
}
