export { ensureFirstProject, type FirstProject } from './accounts/ensure-first-project.ts'
export { ensureMembership, type Role } from './accounts/ensure-membership.ts'
export { listProjects, type MemberProject } from './accounts/list-projects.ts'
export { type ApiKey, hashApiKey, makeApiKey } from './api-keys/api-key.ts'
export { type CreatedApiKey, createApiKey } from './api-keys/create-api-key.ts'
export { ensureApiKey } from './api-keys/ensure-api-key.ts'
export { type ApiKeyOwner, findApiKey } from './api-keys/find-api-key.ts'
export { listApiKeys } from './api-keys/list-api-keys.ts'
export { revokeApiKey } from './api-keys/revoke-api-key.ts'
export { type ArtifactRow, listArtifacts } from './artifacts/list-artifacts.ts'
export { type NewArtifact, storeArtifact } from './artifacts/store-artifact.ts'
export { getBlob } from './blobs/get-blob.ts'
export { putBlob } from './blobs/put-blob.ts'
export {
  cancelBulkResume,
  createBulkResume,
  type DueBulkResume,
  findBulkPromotion,
  findBulkResume,
  listBulkActions,
  lockDueBulkResume,
  markBulkUndone,
  moveBulkResume,
  type ShownBulkResume,
} from './bulk-resumes/bulk-resumes.ts'
export { createPool, createPrisma, type PoolOptions, type PrismaClient } from './client.ts'
export { StoreError, type StoreErrorCode, VersionConflictError } from './errors.ts'
export { appendEmitted, type EmittedRow, type EmittedVerdict } from './events/append-emitted.ts'
export { type EventRow, listEvents } from './events/list-events.ts'
export { findSettledSeq, listRunChanges, type RunChange, type RunFailure } from './events/list-run-changes.ts'
export { type ExecutionRow, listExecutions } from './executions/list-executions.ts'
export { setRootSpans } from './executions/set-root-spans.ts'
export { setSavedUsd } from './executions/set-saved-usd.ts'
export { type FailureChangeRow, listFailureChanges } from './failures/changes.ts'
export {
  decideFailure,
  type FailureDecisionRow,
  listFailureDecisions,
  listWatchedDecisions,
  listWatchedProjects,
  reopenFailure,
  tryLockReopening,
} from './failures/decisions.ts'
export { type FingerprintRulesRow, getFingerprintRules, putFingerprintRules } from './failures/fingerprint-rules.ts'
export { listRunInputs, type RunInputRow } from './failures/list-run-inputs.ts'
export { type FailureMergeRow, listFailureMerges, mergeFailures, unmergeFailures } from './failures/merges.ts'
export { addExample } from './few-shot/add-example.ts'
export type { SetChange } from './few-shot/change-set.ts'
export { editExample } from './few-shot/edit-example.ts'
export type { ExampleContent, StoredExample } from './few-shot/example.ts'
export { findExampleOfRun } from './few-shot/find-example-of-run.ts'
export { findPresentExamples } from './few-shot/find-present-examples.ts'
export { getSet, type SetQuery, type StoredSet } from './few-shot/get-set.ts'
export { listSets, type SetSummary } from './few-shot/list-sets.ts'
export { listVersions, type SetVersion } from './few-shot/list-versions.ts'
export { removeExample } from './few-shot/remove-example.ts'
export { removeExamples } from './few-shot/remove-examples.ts'
export { reorderExamples } from './few-shot/reorder-examples.ts'
export { listPriceOverrides, type PriceOverrideRow } from './prices/list-price-overrides.ts'
export { deletePriceOverride, putPriceOverride } from './prices/put-price-override.ts'
export {
  countRunningRepricings,
  createRepricing,
  type DueRepricing,
  endRepricing,
  listRepricings,
  lockDueRepricing,
  lockRepricing,
  moveRepricing,
  type RepricedPage,
  type RepricingPosition,
  type RepricingRow,
} from './prices/repricings.ts'
export type { Queryable } from './queryable.ts'
export { forgetFullBuckets } from './rate-limits/forget-full-buckets.ts'
export { type TakenToken, type TokenRequest, takeToken } from './rate-limits/take-token.ts'
export { countOldRuns, type OldRuns } from './retention/count-old-runs.ts'
export { deleteOldRecords, deleteOldRuns } from './retention/delete-old-runs.ts'
export {
  getRetention,
  listKeptTraceIds,
  listTraceRetention,
  type Retention,
  setRetention,
  type TraceRetention,
} from './retention/retention.ts'
export { claimLimitedRuns, isLimited } from './runs/claim-limited-runs.ts'
export { type AgentLimits, type ClaimOptions, claimRuns, type ServedAgentRow } from './runs/claim-runs.ts'
export { crashRuns, type WorkerDeath } from './runs/crash-runs.ts'
export { createRun, type NewRun } from './runs/create-run.ts'
export { type AbandonedRun, findAbandonedRuns } from './runs/find-abandoned-runs.ts'
export { findRun, findRunByKey, findRuns } from './runs/find-run.ts'
export { finishRun, type RunEnd } from './runs/finish-run.ts'
export { getRunValues, type RunValues } from './runs/get-run-values.ts'
export { type ComparableRun, getInputStart, listForks, listGoodRunsLike } from './runs/list-comparable-runs.ts'
export { type Descendant, listDescendants } from './runs/list-descendants.ts'
export { listDueAgents } from './runs/list-due-agents.ts'
export { listHeldRuns } from './runs/list-held-runs.ts'
export { listPendingControls, type PendingControl } from './runs/list-pending-controls.ts'
export { countRunsByStatus, listAgents, listRuns, type RunListFilter, type RunListPage } from './runs/list-runs.ts'
export { addStatePatch, listStatePatches, type StatePatchRow } from './runs/list-state-patches.ts'
export { releaseRuns } from './runs/release-runs.ts'
export { requestControl } from './runs/request-control.ts'
export { type Resume, resumeRun } from './runs/resume-run.ts'
export { isRunRowField, type RunRowCondition } from './runs/run-conditions.ts'
export type { RunRow } from './runs/run-row.ts'
export { lockRunAndParents, wakeRuns } from './runs/wake-runs.ts'
export { deleteSchedule } from './schedules/delete-schedule.ts'
export { listSchedules } from './schedules/list-schedules.ts'
export { type DueSchedule, lockDueSchedule } from './schedules/lock-due-schedule.ts'
export { moveSchedule, type ScheduleMove } from './schedules/move-schedule.ts'
export { pauseSchedule } from './schedules/pause-schedule.ts'
export { type NewSchedule, putSchedule } from './schedules/put-schedule.ts'
export type { ScheduleRow } from './schedules/schedule-row.ts'
export { addMessages, type NewMessage } from './sessions/add-messages.ts'
export { getSession, type StoredMessage, type StoredSession } from './sessions/get-session.ts'
export { getSessionRecord, listSessionMessages, type PlacedMessage, type SessionRecord } from './sessions/get-session-record.ts'
export { getSessionTail, type StoredCompaction, type StoredTail } from './sessions/get-session-tail.ts'
export { putSession } from './sessions/put-session.ts'
export { storeCompaction } from './sessions/store-compaction.ts'
export { type NewSignal, storeSignal } from './signals/store-signal.ts'
export { takeSignal } from './signals/take-signal.ts'
export { findCached, forgetExpired, putCached } from './step-cache/step-cache.ts'
export { listStepOutlines, type StepOutline } from './steps/list-step-outlines.ts'
export { countFinishedSteps, findStep, listSteps, type StepRow } from './steps/list-steps.ts'
export { copySteps, forgetSteps, overrideSteps, type StepOutputOverride } from './steps/override-steps.ts'
export { type CheckpointRow, type CheckpointVerdict, storeCheckpoints } from './steps/store-checkpoints.ts'
export { inTransaction } from './transaction.ts'
export { type EndedWorker, endWorker, expireWorkers } from './workers/end-worker.ts'
export { listWorkers, type WorkerRow } from './workers/list-workers.ts'
export { renewLease, renewLeases } from './workers/renew-leases.ts'
export { ensureWorker, upsertWorker, type WorkerHello } from './workers/upsert-worker.ts'
