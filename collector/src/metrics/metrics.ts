import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What /metrics tells; a registry of its own, so that several collectors may live in one process. */
export function createMetrics(sources: {
  workers: () => number
  checkpointsWaiting: () => number
  ingest: () => { readonly logBytes: number; readonly isFailing: boolean }
}) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'cairn_' })
  new Gauge({
    name: 'cairn_workers_connected',
    help: 'Workers connected to this collector',
    registers: [registry],
    collect() {
      this.set(sources.workers())
    },
  })
  new Gauge({
    name: 'cairn_checkpoints_waiting',
    help: 'Checkpoints that wait for their group commit',
    registers: [registry],
    collect() {
      this.set(sources.checkpointsWaiting())
    },
  })
  new Gauge({
    name: 'cairn_ingest_log_bytes',
    help: 'Bytes of accepted spans on this collector’s disk; whole segments, so that it falls in steps',
    registers: [registry],
    collect() {
      this.set(sources.ingest().logBytes)
    },
  })
  new Gauge({
    name: 'cairn_ingest_failing',
    help: '1 while ClickHouse takes no spans',
    registers: [registry],
    collect() {
      this.set(sources.ingest().isFailing ? 1 : 0)
    },
  })
  return {
    registry,
    requests: new Histogram({
      name: 'cairn_http_request_duration_seconds',
      help: 'Time to answer a request, by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
      registers: [registry],
    }),
    refused: new Counter({
      name: 'cairn_http_requests_refused_total',
      help: 'Requests answered with 4xx or 5xx, by status',
      labelNames: ['status'],
      registers: [registry],
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
