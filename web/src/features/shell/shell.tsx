'use client'
import { LogOut, type LucideIcon, Menu, Moon, Sun } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { Link } from '@/ui/link'
import { CommandPalette } from './command-palette'
import { Logo } from './logo'
import { PAGES } from './pages'

export function Shell({ email, children }: { email: string; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const path = usePathname()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu of small screens
  useEffect(() => setOpen(false), [path])
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-panel focus:p-2">
        Skip to content
      </a>
      <nav
        aria-label="Pages"
        className="relative flex shrink-0 flex-wrap gap-1 border-b bg-panel px-3 py-2 md:w-48 md:flex-col md:flex-nowrap md:overflow-y-auto md:border-r md:border-b-0 md:py-4"
      >
        <Link href="/" aria-label="Cairn" className="mr-2 flex items-center gap-2 px-2 pb-0 font-semibold text-[15px] md:pb-4">
          <Logo /> Cairn
        </Link>
        <Button
          variant="ghost"
          size="icon"
          className="order-last ml-1 md:hidden"
          aria-expanded={open}
          aria-controls="pages"
          aria-label="Menu"
          onClick={() => setOpen(!open)}
        >
          <Menu size={16} aria-hidden />
        </Button>
        <div id="pages" className={cn('order-last w-full flex-col gap-1 md:order-none md:flex', open ? 'flex' : 'hidden')}>
          {PAGES.map(([href, label, Icon]) => (
            <NavLink key={href} href={href} label={label} icon={Icon} />
          ))}
        </div>
        <div className="ml-auto flex items-center gap-1 md:mt-auto md:ml-0 md:flex-col md:items-stretch">
          <CommandPalette />
          <ThemeButton />
          <Button variant="ghost" size="small" className="justify-start" onClick={() => void signOut()}>
            <LogOut size={14} aria-hidden /> <span className="sr-only md:not-sr-only">Sign out</span>
            <span className="sr-only">{email}</span>
          </Button>
          <p className="hidden truncate px-2 pt-1 text-2xs text-muted md:block" title={email}>
            {email}
          </p>
        </div>
      </nav>
      <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        {children}
      </main>
    </div>
  )
}

/** The client comes when it is needed: pages don't wait for it. */
async function signOut(): Promise<void> {
  const { authClient } = await import('./auth-client')
  await authClient.signOut()
  window.location.assign('/sign-in')
}

function NavLink({ href, label, icon: Icon }: { href: string; label: string; icon: LucideIcon }) {
  const path = usePathname()
  const here = href === '/' ? path === '/' : path.startsWith(href)
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'flex items-center gap-2 rounded-md px-2 py-1.5 text-muted hover:bg-raised hover:text-fg',
        here && 'bg-raised font-medium text-fg',
      )}
    >
      <Icon size={15} aria-hidden /> {label}
    </Link>
  )
}

function ThemeButton() {
  const { resolvedTheme, setTheme } = useTheme()
  return (
    <Button variant="ghost" size="small" className="justify-start" onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}>
      <Sun size={14} aria-hidden className="hidden dark:block" />
      <Moon size={14} aria-hidden className="dark:hidden" />
      <span className="sr-only md:not-sr-only">Light or dark</span>
    </Button>
  )
}
