'use client'
import { useQuery } from '@tanstack/react-query'
import { Bookmark, Clock, Globe, Keyboard, Link2, ListTree, MessagesSquare, SunMoon, TriangleAlert, User, Waypoints } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useMemo } from 'react'
import { toast } from 'sonner'
import { viewHref } from '@/features/runs/use-runs-address'
import { browserTimeZone } from '@/lib/format'
import { setPreferences, usePreferences } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { useRegisteredCommands } from '../commands'
import { GO_KEYS } from '../go-keys'
import { keysOf } from '../keys-model'
import { PAGES } from '../pages'
import { readRecent } from '../recent'
import type { Entry } from './palette-model'

interface Context {
  /** What was typed, once the typing rests. */
  readonly asked: string
  readonly go: (href: string) => void
  readonly chooseZone: () => void
  readonly showPreferences: () => void
}

/** All that the palette offers for what was typed; what the server finds comes when it has found it. */
export function useEntries({ asked, go, chooseZone, showPreferences }: Context): {
  readonly entries: readonly Entry[]
  readonly isSearching: boolean
} {
  const trpc = useTRPC()
  const { resolvedTheme, setTheme } = useTheme()
  const { timeZone } = usePreferences()
  const found = useQuery({ ...trpc.search.find.queryOptions({ q: asked }), placeholderData: (before) => before, retry: false })
  const views = useQuery({ ...trpc.savedViews.list.queryOptions({ page: 'runs' }), retry: false })
  const registered = useRegisteredCommands()
  const recent = useMemo(readRecent, [])
  const entries = useMemo((): readonly Entry[] => {
    const commands = registered.filter((command) => command.inPalette && command.run)
    const link = (group: string, href: string, entry: Omit<Entry, 'id' | 'group' | 'run'>): Entry => ({
      ...entry,
      id: `${group} ${href}`,
      group,
      run: () => go(href),
    })
    return [
      ...recent.slice(0, 5).map(({ href, label }) => link('Recent', href, { label, icon: Clock })),
      ...commands.map(
        ({ what, where, words, icon, run, ...bound }): Entry => ({
          id: `Here ${where} ${what}`,
          group: 'Here',
          label: what,
          words: `${words ?? ''} ${where}`,
          icon,
          keys: keysOf(bound)[0],
          run: () => run?.(),
        }),
      ),
      ...traceOf(asked).map((traceId) =>
        link('Traces', `/traces/${traceId}`, { label: `Trace ${traceId}`, icon: Waypoints, isFound: true }),
      ),
      ...PAGES.map(([href, label, icon]) =>
        link('Pages', href, { label, icon, words: 'go to page', keys: GO_KEYS[href] === undefined ? undefined : `g ${GO_KEYS[href]}` }),
      ),
      ...(views.data ?? []).map((view) => ({
        ...link('Views', viewHref(view), {
          label: view.name,
          detail: view.query || 'all runs',
          words: `saved view ${view.query}`,
          icon: Bookmark,
        }),
        // Two views may have one address.
        id: `Views ${view.id}`,
      })),
      ...(found.data?.runs ?? []).map((run) =>
        link('Runs', `/runs/${run.id}`, {
          label: run.version === null ? run.agent : `${run.agent} v${run.version}`,
          detail: [run.error, run.id.slice(-8)].filter(Boolean).join(' · '),
          words: run.id,
          status: run.status,
          icon: ListTree,
          isFound: asked !== '',
        }),
      ),
      ...(found.data?.failures ?? []).map(({ group, label, where }) =>
        link('Failures', `/failures/${group}`, { label, detail: where, icon: TriangleAlert, isFound: true }),
      ),
      ...(found.data?.sessions ?? []).map((id) =>
        link('Sessions', `/sessions/${encodeURIComponent(id)}`, { label: id, words: 'session', icon: MessagesSquare, isFound: true }),
      ),
      ...(found.data?.users ?? []).map((id) =>
        link('Users', `/users/${encodeURIComponent(id)}`, { label: id, words: 'user', icon: User, isFound: true }),
      ),
      {
        id: 'theme',
        group: 'Preferences',
        label: resolvedTheme === 'dark' ? 'Switch to light' : 'Switch to dark',
        words: 'toggle theme light dark mode',
        icon: SunMoon,
        run: () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark'),
      },
      {
        id: 'zone',
        group: 'Preferences',
        label: 'Change time zone',
        detail: timeZone ?? `${browserTimeZone()} (the browser’s)`,
        words: 'timezone utc local clock',
        icon: Globe,
        run: chooseZone,
      },
      ...(timeZone === 'UTC'
        ? []
        : [
            {
              id: 'utc',
              group: 'Preferences',
              label: 'Show times in UTC',
              words: 'timezone time zone',
              icon: Globe,
              run: () => setPreferences({ timeZone: 'UTC' }),
            },
          ]),
      {
        id: 'preferences',
        group: 'Preferences',
        label: 'Shortcuts and preferences',
        words: 'keyboard keys help sheet',
        icon: Keyboard,
        keys: '?',
        run: showPreferences,
      },
      {
        id: 'link',
        group: 'Preferences',
        label: 'Copy link to this view',
        words: 'url address share',
        icon: Link2,
        run: () => void navigator.clipboard.writeText(window.location.href).then(() => toast.success('The link is copied.')),
      },
    ]
  }, [asked, recent, registered, found.data, views.data, go, chooseZone, showPreferences, resolvedTheme, setTheme, timeZone])
  return { entries, isSearching: found.isFetching }
}

/** A whole trace id needs no search. */
const traceOf = (asked: string) => (/^[0-9a-f]{32}$/i.test(asked.trim()) ? [asked.trim().toLowerCase()] : [])
