import {
  DecideFailure,
  FailureDecided,
  FailureDifferences,
  FailureGroup,
  FailurePage,
  FailureRange,
  FingerprintPreview,
  FingerprintRules,
  ListFailures,
  MergeFailures,
  PutFingerprintRules,
  StoredFingerprintRules,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { json, operation } from './operation.ts'

const group = z.object({ group: z.string() })

/** Groups of failures, and how they are made. */
export const FAILURE_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/failures': {
    get: operation({ summary: 'Groups of failures', query: ListFailures, answers: { '200': json(FailurePage) } }),
  },
  '/api/v1/failures/{group}': {
    get: operation({ summary: 'A group of failures', path: group, query: FailureRange, answers: { '200': json(FailureGroup) } }),
    put: operation({
      summary: 'Resolve, mute or open it',
      path: group,
      body: DecideFailure,
      answers: { '200': json(FailureDecided) },
    }),
  },
  '/api/v1/failures/{group}/differences': {
    get: operation({
      summary: 'What its runs have that good runs of the same agent don’t',
      path: group,
      query: FailureRange,
      answers: { '200': json(FailureDifferences) },
    }),
  },
  '/api/v1/failures/{group}/merge': {
    post: operation({
      summary: 'Count other groups as parts of it',
      path: group,
      body: MergeFailures,
      answers: { '200': json(z.object({ group: z.string(), merged: z.array(z.string()) })) },
    }),
  },
  '/api/v1/failures/{group}/unmerge': {
    post: operation({
      summary: 'Take parts out of it again',
      path: group,
      body: MergeFailures,
      answers: { '200': json(z.object({ group: z.string(), unmerged: z.array(z.string()) })) },
    }),
  },
  '/api/v1/failures/rules': {
    get: operation({ summary: 'How fingerprints are made', answers: { '200': json(StoredFingerprintRules) } }),
    put: operation({
      summary: 'Make fingerprints otherwise from now on',
      body: PutFingerprintRules,
      answers: { '200': json(StoredFingerprintRules) },
    }),
  },
  '/api/v1/failures/rules/preview': {
    post: operation({
      summary: 'How present groups would fall together under other rules',
      body: FingerprintRules,
      answers: { '200': json(FingerprintPreview) },
    }),
  },
}
