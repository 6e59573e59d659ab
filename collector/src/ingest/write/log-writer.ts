import { type ClickHouseClient, insertSpanLogs, type SpanLogRow, toClickHouseTime } from '@cairn/clickhouse'
import { readText } from '../map/read-text.ts'
import { mapToJson, parseJsonText, toJson } from '../map/to-json.ts'
import type { OtlpLogGroup, OtlpLogRecord } from '../otlp/types.ts'
import { GroupCommit } from './group-commit.ts'
import { isRowsFault } from './rows-fault.ts'

const LINGER_MS = 4
const MAX_LOGS = 20_000
const LATEST_NS = 2n ** 63n - 1n
const IDS = /^(?!0{32})[0-9a-f]{32} (?!0{16})[0-9a-f]{16}$/

/** Keeps the log records that carry a model call's messages. They are joined to their span when it is read, whichever came first. */
export class LogWriter {
  private readonly groups: GroupCommit<SpanLogRow>

  constructor(clickhouse: ClickHouseClient) {
    this.groups = new GroupCommit<SpanLogRow>({
      commit: (rows) => insertSpanLogs(clickhouse, rows),
      lingerMs: LINGER_MS,
      maxItems: MAX_LOGS,
      isItemsFault: isRowsFault,
    })
  }

  write(projectId: string, groups: readonly OtlpLogGroup[]): Promise<void> {
    const rows = groups.flatMap((group) => group.items.map((log) => toRow(projectId, log)))
    return this.groups.add(rows.filter((row) => row !== null))
  }

  flush(): Promise<void> {
    return this.groups.flush()
  }
}

function toRow(projectId: string, log: OtlpLogRecord): SpanLogRow | null {
  const name = log.eventName || readText(log.attributes.get('event.name'))
  if (!name.startsWith('gen_ai.') || !IDS.test(`${log.traceId} ${log.spanId}`)) return null
  const at = log.timeNs === 0n ? log.observedNs : log.timeNs
  return {
    project_id: projectId,
    trace_id: log.traceId,
    span_id: log.spanId,
    time: toClickHouseTime(at > LATEST_NS ? LATEST_NS : at),
    name: name.toWellFormed(),
    body: JSON.stringify(parseJsonText(toJson(log.body))),
    attributes: JSON.stringify(mapToJson(log.attributes)),
  }
}
