-- Sums and quantiles by hour: the overview, cost and latency at any size.
CREATE TABLE IF NOT EXISTS span_stats
(
    project_id    UUID,
    hour          DateTime('UTC'),
    agent         LowCardinality(String),
    agent_version LowCardinality(String),
    kind          LowCardinality(String),
    name          LowCardinality(String),
    model         LowCardinality(String),
    provider      LowCardinality(String),
    tool_name     LowCardinality(String),
    user_id       String,
    environment   LowCardinality(String),
    service       LowCardinality(String),
    status        LowCardinality(String),
    spans         SimpleAggregateFunction(sum, UInt64),
    billable_spans SimpleAggregateFunction(sum, UInt64),
    unpriced      SimpleAggregateFunction(sum, UInt64),
    usage_input   SimpleAggregateFunction(sum, UInt64),
    usage_cache_read  SimpleAggregateFunction(sum, UInt64),
    usage_cache_write SimpleAggregateFunction(sum, UInt64) COMMENT 'Both durations',
    usage_output      SimpleAggregateFunction(sum, UInt64),
    usage_reasoning   SimpleAggregateFunction(sum, UInt64),
    usage_total       SimpleAggregateFunction(sum, UInt64),
    cost_total        SimpleAggregateFunction(sum, Decimal(38, 12)),
    duration_ms       AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Float64),
    ttft_ms           AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Nullable(Float64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour, kind, agent, agent_version, model, provider, name, tool_name, environment, service, status, user_id)
COMMENT 'Spans by hour and dimension: sums and quantile states';

CREATE MATERIALIZED VIEW IF NOT EXISTS span_stats_mv TO span_stats AS
SELECT
    project_id, toStartOfHour(start_time) AS hour, agent, agent_version, kind, name,
    if(model_response != '', model_response, model_request) AS model, provider, tool_name, user_id, environment, service, status,
    count() AS spans, countIf(billable = 1) AS billable_spans, countIf(billable = 1 AND priced = 0) AS unpriced,
    sumIf(usage_input, billable = 1) AS usage_input, sumIf(usage_cache_read, billable = 1) AS usage_cache_read,
    sumIf(usage_cache_write + usage_cache_write_1h, billable = 1) AS usage_cache_write,
    sumIf(usage_output, billable = 1) AS usage_output, sumIf(usage_reasoning, billable = 1) AS usage_reasoning,
    sumIf(usage_total, billable = 1) AS usage_total,
    sumIf(CAST(cost_total, 'Decimal(38, 12)'), billable = 1) AS cost_total,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)((toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6) AS duration_ms,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(ttft_ms) AS ttft_ms
FROM spans
WHERE interrupted = 0
GROUP BY project_id, hour, agent, agent_version, kind, name, model, provider, tool_name, user_id, environment, service, status;
