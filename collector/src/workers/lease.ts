/** A worker that says nothing for this long is dead, by Postgres' clock. */
export const LEASE_MS = 10_000

/** How often a worker says that it is alive. */
export const HEARTBEAT_MS = 2_000

/** After its connection drops a worker has this long to come back before its runs are crashed. */
export const RECONNECT_GRACE_MS = 1_000

/** A renewal on its way when the connection drops is stored this much later at most; nobody is back as soon. */
export const RENEWAL_IN_FLIGHT_MS = 20
