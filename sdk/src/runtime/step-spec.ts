import type { Attributes, Span } from '@opentelemetry/api'
import type { RunId } from '../protocol/ids.ts'
import type { StepKind } from '../protocol/step.ts'
import type { StepContext, StepOptions } from './step-options.ts'

/** One step as the engine sees it, whatever its kind. */
export interface StepSpec<T> {
  name: string
  kind: StepKind
  options: StepOptions
  /** Attributes of the span that stands for the work: the step's, or each attempt's where there may be several. */
  attributes: Attributes
  body: (step: StepContext, work: StepWork) => T
  /** The body ends by itself when its signal fires, and is waited for: a child run reports its own stop. */
  endsItself?: boolean
  /** Puts the result on that span. Default: `cairn.output`. */
  describeOutput?: (span: Span, json: string, value: unknown) => void
}

/** What a body may tell the engine, and the span it works under. */
export interface StepWork {
  readonly span: Span
  childRunId?: RunId
}
