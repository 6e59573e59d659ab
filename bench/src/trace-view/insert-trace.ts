import type { ClickHouseClient } from '@cairn/clickhouse'

/** Steps under a root, in each of them model and tool calls, and under every tool call a tree of its own. */
const CHILDREN = [120, 4, 8] as const

/**
 * A trace of so many spans: the shape of an agent that works for long, six levels deep. One span in 2,000 failed. All of it follows
 * from the numbers.
 */
export async function insertTrace(
  client: ClickHouseClient,
  { projectId, traceId, spans }: { projectId: string; traceId: string; spans: number },
): Promise<void> {
  const [steps, calls, within] = CHILDREN
  await client.command({
    query: `INSERT INTO spans (project_id, trace_id, span_id, parent_span_id, name, kind, start_time, end_time, status, agent, model_response,
        tool_name, usage_input, usage_output, usage_total, cost_total, priced, billable, ttft_ms, service, step_key, error_type, version, scope_id)
      WITH number AS n,
        -- 0: the root; then blocks of a step, its calls, and what runs within each call.
        intDiv(n - 1, 1 + ${calls} + ${calls * within}) AS step, (n - 1) % (1 + ${calls} + ${calls * within}) AS place,
        intDiv(place - 1, 1 + ${within}) AS call, (place - 1) % (1 + ${within}) AS inner,
        multiIf(n = 0, 0, place = 0, 1, inner = 0, 2, 3) AS level,
        n - place AS step_number, step_number + 1 + call * (1 + ${within}) AS call_number,
        multiIf(level = 0, 'agent', level = 1, 'step', level = 2 AND call % 2 = 0, 'model', level = 2, 'tool', inner % 3 = 0, 'model', 'other') AS k,
        toInt64(1764000000000000000) + toInt64(n) * 5000000 AS start
      SELECT {projectId:UUID}, {traceId:String}, lower(leftPad(hex(cityHash64(n + 1)), 16, '0')),
        multiIf(level = 0, '', level = 1, lower(leftPad(hex(cityHash64(toUInt64(1))), 16, '0')),
          level = 2, lower(leftPad(hex(cityHash64(toUInt64(step_number + 1))), 16, '0')),
          lower(leftPad(hex(cityHash64(toUInt64(call_number + 1))), 16, '0'))),
        multiIf(level = 0, 'invoke_agent migrate', level = 1, concat('step ', toString(step % ${steps})), k = 'model', 'chat gpt-5-mini', k = 'tool', 'execute_tool search', concat('GET /page/', toString(inner))),
        k, fromUnixTimestamp64Nano(start),
        fromUnixTimestamp64Nano(start + multiIf(level = 0, toInt64({spans:UInt64}) * 5000000, level = 1, ${1 + calls + calls * within} * 5000000, level = 2, ${1 + within} * 5000000, 4000000)),
        if(n % 2000 = 1999, 'error', 'ok'), 'migrate', if(k = 'model', 'gpt-5-mini', ''), if(k = 'tool', 'search', ''),
        if(k = 'model', 900, 0), if(k = 'model', 120, 0), if(k = 'model', 1020, 0), CAST(if(k = 'model', 0.000465, 0) AS Decimal(18, 12)), 1, k = 'model',
        if(k = 'model', 1.5, NULL), 'bench', if(level = 1, concat('step/', toString(step)), ''), if(n % 2000 = 1999, 'TimeoutError', ''), 1, {traceId:String}
      FROM numbers({spans:UInt64})`,
    query_params: { projectId, traceId, spans },
  })
}
