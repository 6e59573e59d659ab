-- What each step of each run used and cost: sums over billable spans as they are inserted. Rows must come once: the collector
-- drops repeats before it inserts.
CREATE TABLE IF NOT EXISTS run_usage
(
    project_id           UUID,
    run_id               String,
    step_key             String,
    execution            UInt32,
    usage_input          SimpleAggregateFunction(sum, UInt64),
    usage_cache_read     SimpleAggregateFunction(sum, UInt64),
    usage_cache_write    SimpleAggregateFunction(sum, UInt64),
    usage_cache_write_1h SimpleAggregateFunction(sum, UInt64),
    usage_output         SimpleAggregateFunction(sum, UInt64),
    usage_reasoning      SimpleAggregateFunction(sum, UInt64),
    usage_audio_input    SimpleAggregateFunction(sum, UInt64),
    usage_audio_output   SimpleAggregateFunction(sum, UInt64),
    usage_images         SimpleAggregateFunction(sum, UInt64),
    usage_requests       SimpleAggregateFunction(sum, UInt64),
    usage_total          SimpleAggregateFunction(sum, UInt64),
    cost_total           SimpleAggregateFunction(sum, Decimal(38, 12)),
    cost_parts           SimpleAggregateFunction(sumMap, Map(String, Decimal(38, 12))),
    unpriced             SimpleAggregateFunction(sum, UInt64) COMMENT 'Billable spans without a price'
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, run_id, step_key, execution)
COMMENT 'Usage and cost of runs by step and execution';

CREATE MATERIALIZED VIEW IF NOT EXISTS run_usage_mv TO run_usage AS
SELECT
    project_id, run_id, step_key, execution,
    sum(usage_input) AS usage_input, sum(usage_cache_read) AS usage_cache_read, sum(usage_cache_write) AS usage_cache_write,
    sum(usage_cache_write_1h) AS usage_cache_write_1h, sum(usage_output) AS usage_output, sum(usage_reasoning) AS usage_reasoning,
    sum(usage_audio_input) AS usage_audio_input, sum(usage_audio_output) AS usage_audio_output, sum(usage_images) AS usage_images,
    sum(usage_requests) AS usage_requests, sum(usage_total) AS usage_total,
    sum(CAST(cost_total, 'Decimal(38, 12)')) AS cost_total,
    sumMap(CAST(cost_parts, 'Map(String, Decimal(38, 12))')) AS cost_parts,
    countIf(priced = 0) AS unpriced
FROM spans
WHERE billable = 1 AND run_id != ''
GROUP BY project_id, run_id, step_key, execution;
