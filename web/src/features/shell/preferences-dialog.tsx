'use client'
import { useTheme } from 'next-themes'
import { browserTimeZone, formatParts, timeZones } from '@/lib/format'
import { setPreferences, usePreferences } from '@/lib/preferences'
import { Dialog } from '@/ui/dialog'
import { useRegisteredCommands } from './commands'
import { KeyCaps } from './key-caps'
import { keysOf } from './keys-model'

/** The sheet of shortcuts, and what this browser keeps for its reader. */
export function PreferencesDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog title="Shortcuts and preferences" open={open} onOpenChange={onOpenChange}>
      <Preferences />
      <Sheet />
    </Dialog>
  )
}

const THEMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

function Preferences() {
  const { timeZone, shortcuts } = usePreferences()
  const { theme, setTheme } = useTheme()
  return (
    <div className="grid gap-3 border-b pb-4">
      <label className="flex flex-wrap items-center gap-3">
        <span className="w-36 font-medium">Time zone</span>
        <select
          value={timeZone ?? ''}
          onChange={(event) => setPreferences({ timeZone: event.target.value === '' ? null : event.target.value })}
          className="h-8 max-w-full rounded-md border bg-bg px-2"
        >
          <option value="">The browser’s: {browserTimeZone()}</option>
          {timeZones().map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
        <span className="tabular text-muted">
          it is {formatParts(Date.now(), { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })}
        </span>
      </label>
      <label className="flex flex-wrap items-center gap-3">
        <span className="w-36 font-medium">Theme</span>
        <select value={theme} onChange={(event) => setTheme(event.target.value)} className="h-8 rounded-md border bg-bg px-2">
          {Object.entries(THEMES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="flex flex-wrap items-center gap-3">
        <span className="w-36 font-medium">Single-key shortcuts</span>
        <input type="checkbox" checked={shortcuts} onChange={(event) => setPreferences({ shortcuts: event.target.checked })} />
        <span className="text-muted">off: only keys with Ctrl or ⌘, arrows and the like act</span>
      </label>
    </div>
  )
}

function Sheet() {
  const commands = useRegisteredCommands()
  const groups = new Map<string, { what: string; keys: readonly string[] }[]>()
  for (const { where, what, isUnlisted = false, ...bound } of commands) {
    const keys = keysOf(bound)
    if (keys.length > 0 && !isUnlisted) groups.set(where, [...(groups.get(where) ?? []), { what, keys }])
  }
  return (
    <div className="grid gap-x-8 sm:grid-cols-2">
      {[...groups].map(([where, listed]) => (
        <section key={where} aria-label={`Shortcuts: ${where}`} className="pt-4">
          <h3 className="text-2xs text-muted">{where}</h3>
          <dl>
            {listed.map(({ what, keys }) => (
              <div key={`${what} ${keys.join()}`} className="flex items-center justify-between gap-3 border-b py-1 last:border-0">
                <dt>{what}</dt>
                <dd className="flex gap-2">
                  {keys.map((each) => (
                    <KeyCaps key={each} keys={each} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}
