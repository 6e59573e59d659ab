// Apart from the schemas, so that a browser has the names without their parser.

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'crashed', 'cancelled'] as const

type Status = (typeof RUN_STATUSES)[number]

/** Statuses from which a person may press Resume. */
export const RESUMABLE_STATUSES = ['failed', 'crashed', 'paused', 'cancelled'] as const satisfies Status[]

/** Statuses that end the current execution for good unless a person acts. */
export const ENDED_STATUSES = ['succeeded', 'failed', 'cancelled'] as const satisfies Status[]

export const SPAN_KINDS = [
  'agent',
  'workflow',
  'step',
  'model',
  'tool',
  'embedding',
  'retriever',
  'reranker',
  'guardrail',
  'evaluator',
  'other',
] as const

export const RUN_SORTS = ['started', 'duration', 'cost', 'tokens'] as const

export const RUN_EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const

export const FAILURE_STATES = ['open', 'resolved', 'muted'] as const

export const FAILURE_SORTS = ['count', 'lastSeen', 'firstSeen', 'lost'] as const
