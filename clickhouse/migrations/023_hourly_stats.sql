-- Sums and quantiles by hour, once for each set of dimensions that is asked for together: a set of few dimensions stays small,
-- which one table of all of them (a row for almost every span, with the user in its key) did not.
-- Spans that a crash cut off are not in it: they have no duration, and the real one may still come. Nor are later versions of a span:
-- what changed in them comes as a difference (025).
CREATE TABLE IF NOT EXISTS hourly_stats
(
    project_id    UUID,
    grain         LowCardinality(String) COMMENT 'Which of the dimensions are filled: model, agent, tool',
    hour          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    kind          LowCardinality(String),
    top           UInt8 COMMENT '1: spans without a parent',
    agent         LowCardinality(String),
    agent_version LowCardinality(String),
    model         LowCardinality(String),
    provider      LowCardinality(String),
    tool_name     LowCardinality(String),
    spans             SimpleAggregateFunction(sum, UInt64),
    errors            SimpleAggregateFunction(sum, UInt64),
    billable_spans    SimpleAggregateFunction(sum, UInt64),
    unpriced          SimpleAggregateFunction(sum, UInt64) COMMENT 'Billable spans without a price',
    usage_input       SimpleAggregateFunction(sum, UInt64) COMMENT 'Tokens of billable spans, as all usage here',
    usage_cache_read  SimpleAggregateFunction(sum, UInt64),
    usage_cache_write SimpleAggregateFunction(sum, UInt64) COMMENT 'Both durations',
    usage_output      SimpleAggregateFunction(sum, UInt64),
    usage_reasoning   SimpleAggregateFunction(sum, UInt64),
    usage_total       SimpleAggregateFunction(sum, UInt64),
    cost_total        SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'US dollars of billable spans',
    max_ms            SimpleAggregateFunction(max, Float64),
    duration_ms       AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Float64),
    ttft_ms           AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Nullable(Float64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, grain, hour, kind, agent, agent_version, model, provider, tool_name, top)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Spans by hour and sets of dimensions: sums and quantile states';

CREATE MATERIALIZED VIEW IF NOT EXISTS hourly_stats_mv TO hourly_stats AS
SELECT
    project_id,
    multiIf(grouping(tool_name) = 0, 'tool', grouping(agent) = 0, 'agent', 'model') AS grain,
    toStartOfHour(start_time) AS hour, kind, parent_span_id = '' AS top, agent, agent_version,
    if(model_response != '', model_response, model_request) AS model, provider, tool_name,
    count() AS spans, countIf(status = 'error') AS errors,
    countIf(billable = 1) AS billable_spans, countIf(billable = 1 AND priced = 0) AS unpriced,
    sumIf(usage_input, billable = 1) AS usage_input, sumIf(usage_cache_read, billable = 1) AS usage_cache_read,
    sumIf(usage_cache_write + usage_cache_write_1h, billable = 1) AS usage_cache_write,
    sumIf(usage_output, billable = 1) AS usage_output, sumIf(usage_reasoning, billable = 1) AS usage_reasoning,
    sumIf(usage_total, billable = 1) AS usage_total, sumIf(CAST(cost_total, 'Decimal(38, 12)'), billable = 1) AS cost_total,
    max((toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6) AS max_ms,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)((toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6) AS duration_ms,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(ttft_ms) AS ttft_ms
FROM spans
WHERE interrupted = 0 AND version = 1
GROUP BY GROUPING SETS
(
    (project_id, hour, kind, model, provider),
    (project_id, hour, kind, top, agent, agent_version),
    (project_id, hour, kind, tool_name)
);

-- What is stored already. The table remembers the token: two that migrate at once fill it once.
INSERT INTO hourly_stats (project_id, grain, hour, kind, top, agent, agent_version, model, provider, tool_name, spans, errors, billable_spans,
    unpriced, usage_input, usage_cache_read, usage_cache_write, usage_output, usage_reasoning, usage_total, cost_total, max_ms, duration_ms, ttft_ms)
SELECT
    project_id,
    multiIf(grouping(tool_name) = 0, 'tool', grouping(agent) = 0, 'agent', 'model') AS grain,
    toStartOfHour(start_time) AS hour, kind, parent_span_id = '' AS top, agent, agent_version,
    if(model_response != '', model_response, model_request) AS model, provider, tool_name,
    count() AS spans, countIf(status = 'error') AS errors,
    countIf(billable = 1) AS billable_spans, countIf(billable = 1 AND priced = 0) AS unpriced,
    sumIf(usage_input, billable = 1) AS usage_input, sumIf(usage_cache_read, billable = 1) AS usage_cache_read,
    sumIf(usage_cache_write + usage_cache_write_1h, billable = 1) AS usage_cache_write,
    sumIf(usage_output, billable = 1) AS usage_output, sumIf(usage_reasoning, billable = 1) AS usage_reasoning,
    sumIf(usage_total, billable = 1) AS usage_total, sumIf(CAST(cost_total, 'Decimal(38, 12)'), billable = 1) AS cost_total,
    max((toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6) AS max_ms,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)((toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6) AS duration_ms,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(ttft_ms) AS ttft_ms
FROM spans FINAL
WHERE interrupted = 0
GROUP BY GROUPING SETS
(
    (project_id, hour, kind, model, provider),
    (project_id, hour, kind, top, agent, agent_version),
    (project_id, hour, kind, tool_name)
)
ORDER BY project_id, grain, hour, kind, agent, agent_version, model, provider, tool_name, top
SETTINGS insert_deduplication_token = 'migration-023', deduplicate_insert_select = 'enable_even_for_bad_queries', max_threads = 1, max_insert_threads = 1;

DROP VIEW IF EXISTS span_stats_mv;
DROP TABLE IF EXISTS span_stats;
