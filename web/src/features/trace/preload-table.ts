import { preload } from 'react-dom'
import { tableUrl } from './table-url'

/** Has the browser ask for a trace's spans with the first bytes of the page, before its code is there. */
export function preloadTable(traceId: string): void {
  if (/^[0-9a-f]{32}$/.test(traceId)) preload(tableUrl(traceId), { as: 'fetch', crossOrigin: 'anonymous' })
}
