import type { Config } from '../config.ts'
import type { Telemetry } from '../otel/telemetry.ts'
import type { ClaimedRun } from '../protocol/claim.ts'
import type { CheckpointSender } from '../transport/checkpoint-sender.ts'
import type { HttpClient } from '../transport/http-client.ts'
import type { WorkerSession } from '../worker/session.ts'
import type { CheckpointWriter } from './checkpoint-writer.ts'
import type { IdleRelease } from './idle-release.ts'
import type { Replay } from './replay.ts'
import type { RunStop } from './run-stop.ts'
import type { Scope } from './scope.ts'
import type { StateTracker } from './state.ts'

/** What every run of a process shares. */
export interface Runtime {
  readonly config: Config
  readonly http: HttpClient
  readonly sender: CheckpointSender
  readonly telemetry: Telemetry
}

/** What one execution of a run is made of. */
export interface ExecutionEnv {
  readonly runtime: Runtime
  readonly session: WorkerSession
  readonly claimed: ClaimedRun
  readonly stop: RunStop
  readonly writer: CheckpointWriter
  readonly replay: Replay
  readonly state: StateTracker
  readonly rootScope: Scope
  /** Of the run and the children in this process; null where the run is not let go while it waits. */
  readonly idle: IdleRelease | null
  /** Items that this execution has emitted so far. */
  readonly emitted: { count: number }
  /** Steps that threw, by what they threw: names the step that a run failed of. */
  readonly failedSteps: WeakMap<object, string>
}
