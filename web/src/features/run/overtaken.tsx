import type { Run } from '@cairn/sdk/protocol'

/** In a dialog whose run went on while it was open: by its worker, by a policy, or in somebody else's window. */
export const Overtaken = ({ run, what }: { run: Run; what: string }) => (
  <p role="alert" className="rounded-md border border-warn/50 bg-warn/10 px-3 py-2 [overflow-wrap:anywhere]">
    Meanwhile the run is {run.status}
    {run.statusActor !== null && run.statusActor !== 'collector' && `, by ${run.statusActor}`}: there is nothing to {what}.
  </p>
)
