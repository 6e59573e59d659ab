'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, TRPCClientError } from '@trpc/client'
import { ThemeProvider, useTheme } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { Toaster } from 'sonner'
import { TRPCProvider } from '@/lib/trpc'
import { createLink } from '@/lib/trpc-links'
import type { AppRouter } from '@/server/router'

/** What won't get better by asking again. */
const FINAL = new Set(['NOT_FOUND', 'UNAUTHORIZED', 'FORBIDDEN', 'BAD_REQUEST'])
const codeOf = (error: unknown) => (error instanceof TRPCClientError ? String(error.data?.code) : '')

function createQueryClient() {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 1_000, retry: (count, error) => count < 2 && !FINAL.has(codeOf(error)) } },
  })
}

/** In the theme that was chosen here, which may be another than the system's. */
function Messages() {
  const { theme } = useTheme()
  return <Toaster position="bottom-right" theme={theme === 'light' || theme === 'dark' ? theme : 'system'} />
}

export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient)
  const [trpcClient] = useState(() => createTRPCClient<AppRouter>({ links: [createLink('/api/trpc')] }))
  return (
    <ThemeProvider attribute="class" defaultTheme="system" disableTransitionOnChange>
      <QueryClientProvider client={queryClient}>
        <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
          <NuqsAdapter>{children}</NuqsAdapter>
          <Messages />
        </TRPCProvider>
      </QueryClientProvider>
    </ThemeProvider>
  )
}
