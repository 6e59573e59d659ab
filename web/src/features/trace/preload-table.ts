import { isTraceId } from '@cairn/sdk/protocol'
import { preload } from 'react-dom'
import { tableUrl } from './table-url'

/** Has the browser ask for a trace's spans with the first bytes of the page, before its code is there. */
export function preloadTable(traceId: string): void {
  if (isTraceId(traceId)) preload(tableUrl(traceId), { as: 'fetch', crossOrigin: 'anonymous' })
}
