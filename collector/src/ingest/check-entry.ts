import { IngestError } from './errors.ts'
import type { LogEntry } from './log/entry.ts'
import { refuseSpan } from './map/map-span.ts'
import { checkLogsProto, checkTracesProto } from './otlp/check-proto.ts'
import { decodeLogsJson, decodeTracesJson } from './otlp/decode-json.ts'
import { SpanChecker } from './otlp/span-checker.ts'
import type { Received } from './receive.ts'

/**
 * All that can be wrong with a request is found before it is acknowledged: afterwards nobody could be told. What passes here can
 * be decoded, mapped and stored.
 * @throws {IngestError} `malformed`
 */
export function checkEntry(entry: Omit<LogEntry, 'projectId'>): Received {
  try {
    return check(entry)
  } catch (error) {
    if (error instanceof IngestError) throw error
    // It would fail again however often it came.
    throw new IngestError('malformed', 'The body can not be read as OTLP.', { cause: error })
  }
}

function check({ signal, encoding, body }: Omit<LogEntry, 'projectId'>): Received {
  if (signal === 'logs') {
    if (encoding === 'json') decodeLogsJson(body)
    else checkLogsProto(body)
    return { rejected: 0, message: '' }
  }
  return describe((encoding === 'json' ? checkTracesJson(body) : checkTracesProto(body)).refused)
}

/** JSON has no structure that could be walked: it is parsed, now and again when it is written. */
function checkTracesJson(body: Buffer): SpanChecker {
  const checker = new SpanChecker()
  for (const { items } of decodeTracesJson(body))
    for (const span of items) {
      const reason = refuseSpan(span)
      if (reason === null) checker.keep(Number(span.startNs >> 32n))
      else checker.refuse(reason)
    }
  return checker
}

function describe(refused: ReadonlyMap<string, number>): Received {
  const rejected = [...refused.values()].reduce((sum, count) => sum + count, 0)
  return { rejected, message: [...refused].map(([reason, count]) => `${count} spans: ${reason}`).join('; ') }
}
