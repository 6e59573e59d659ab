import { Activity, Boxes, Coins, Gauge, GraduationCap, ListTree, type LucideIcon, Settings, TriangleAlert, Waypoints } from 'lucide-react'

export const PAGES: readonly (readonly [href: string, label: string, icon: LucideIcon])[] = [
  ['/', 'Overview', Activity],
  ['/runs', 'Runs', ListTree],
  ['/failures', 'Failures', TriangleAlert],
  ['/traces', 'Traces', Waypoints],
  ['/cost', 'Cost', Coins],
  ['/latency', 'Latency', Gauge],
  ['/few-shot', 'Few-shot', GraduationCap],
  ['/workers', 'Workers', Boxes],
  ['/settings', 'Settings', Settings],
]
