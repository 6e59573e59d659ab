import type { ComparedItem, Span, Step } from '@cairn/sdk/protocol'

/** What the panel sets against each other. */
export interface PanelSide {
  readonly error: string | null
  readonly system: unknown
  readonly input: unknown
  readonly output: unknown
  readonly parameters: unknown
  readonly attributes: unknown
}

interface Loaded {
  readonly item: ComparedItem
  readonly step: Step | undefined
  readonly span: Span | undefined
}

/** From a span, where there is one: it has messages; what only the checkpoint has comes from that. */
export function toPanelSide({ item, step, span }: Loaded): PanelSide {
  return {
    error: errorText({ item, step, span }),
    system: span?.system ?? null,
    input: span?.messages ?? span?.input ?? null,
    output: span?.output ?? step?.output ?? null,
    parameters: span === undefined || Object.keys(span.parameters).length === 0 ? null : span.parameters,
    attributes: span?.attributes ?? null,
  }
}

function errorText({ item, step, span }: Loaded): string | null {
  if (item.error === undefined) return null
  const stack = step?.error?.stack ?? span?.errorStack ?? ''
  const message = step?.error?.message ?? span?.errorMessage ?? item.error.message
  return `${item.error.type || 'Error'}: ${message}${stack === '' ? '' : `\n\n${stack}`}`
}
