import type { OpenSpan } from '@cairn/sdk/protocol'

/** Spans of a trace that have begun and not ended, as live workers tell it. */
export type FindOpenSpans = (projectId: string, traceId: string) => readonly OpenSpan[]
