export { Agent, type BackgroundOptions, type StartOptions } from './agent.ts'
export { type AgentOptions, type AgentOptionsWithInput, Cairn } from './cairn.ts'
export type { CairnOptions, Config } from './config.ts'
export {
  AgentFailedError,
  CairnError,
  type CairnErrorCode,
  CollectorUnreachableError,
  InvalidInputError,
  NonDeterminismError,
  RunStoppedError,
  StepCollisionError,
  StepTimeoutError,
  type StopReason,
  UnknownEffectError,
} from './errors.ts'
export type { ModelCall, ModelRequest, ModelResponse, ModelUsage } from './model/model-call.ts'
export { UnstorableValueError } from './protocol/values.ts'
export { type ResultOptions, type ResumeOptions, RunHandle, type RunSnapshot, type RunStreamEvent } from './run-handle.ts'
export type { Duration } from './runtime/duration.ts'
export type { RetryOptions } from './runtime/retry.ts'
export type {
  ContextOptions,
  FewShotExample,
  FewShotOptions,
  Log,
  ModelOptions,
  Run,
  SessionContext,
  SessionHandle,
  SessionMessage,
  SignalOptions,
} from './runtime/run.ts'
export type { RunState } from './runtime/state.ts'
export type { StepContext, StepOptions } from './runtime/step-options.ts'
export type { Schedule, ScheduleOptions } from './schedule.ts'
export type { ServeOptions, Worker } from './worker/worker.ts'
