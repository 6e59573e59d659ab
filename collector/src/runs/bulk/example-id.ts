import { v5 } from 'uuid'

/** Id of the example that a bulk promotion makes of a run: known before it is made, so that it is found again whatever died in between. */
export const exampleIdOf = (bulkId: string, runId: string): string => v5(runId, bulkId)
