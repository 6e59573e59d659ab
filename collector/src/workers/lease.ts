/** A worker that says nothing for this long is dead, by Postgres' clock. */
export const LEASE_MS = 10_000

/** How often a worker says that it is alive. */
export const HEARTBEAT_MS = 2_000

/** After its connection drops a worker has this long to come back before its runs are crashed. */
export const RECONNECT_GRACE_MS = 1_000

/** Workers try to reconnect at least this often, so that many are back soon after a collector starts. */
export const START_GRACE_MS = 3_000

/** A renewal on its way when the connection drops is stored this much later at most; nobody is back as soon. */
export const RENEWAL_IN_FLIGHT_MS = 20
