import { Globe } from 'lucide-react'
import { browserTimeZone, timeZones } from '@/lib/format'
import { setPreferences } from '@/lib/preferences'
import type { Entry } from './palette-model'

export function zoneEntries(): readonly Entry[] {
  const choose = (timeZone: string | null) => () => setPreferences({ timeZone })
  return [
    { id: 'browser', group: 'Time zone', label: 'The browser’s', detail: browserTimeZone(), icon: Globe, run: choose(null) },
    ...timeZones().map(
      (zone): Entry => ({
        id: zone,
        group: 'Time zone',
        label: zone,
        words: zone.replaceAll(/[/_]/g, ' '),
        icon: Globe,
        run: choose(zone),
      }),
    ),
  ]
}
