-- What traces of no run cost, as run_usage has it of runs: what failed ones lost is a sum over few rows, not a look at every call.
-- Of the spans that hourly_stats counts, so that what is lost is a part of what is spent.
CREATE TABLE IF NOT EXISTS trace_costs
(
    project_id UUID,
    hour       DateTime('UTC') CODEC(Delta, ZSTD(1)),
    trace_id   FixedString(32) CODEC(ZSTD(1)),
    cost_total SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'US dollars of billable spans',
    unpriced   SimpleAggregateFunction(sum, UInt64) COMMENT 'Billable spans without a price'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour, trace_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Costs of traces that belong to no run';

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_costs_mv TO trace_costs AS
SELECT
    project_id, toStartOfHour(start_time) AS hour, trace_id, sum(CAST(cost_total, 'Decimal(38, 12)')) AS cost_total,
    countIf(priced = 0) AS unpriced
FROM spans
WHERE billable = 1 AND run_id = '' AND interrupted = 0 AND version = 1
GROUP BY project_id, hour, trace_id;

-- What is stored already. The table remembers the token: two that migrate at once fill it once.
INSERT INTO trace_costs (project_id, hour, trace_id, cost_total, unpriced)
SELECT
    project_id, toStartOfHour(start_time) AS hour, trace_id, sum(CAST(cost_total, 'Decimal(38, 12)')) AS cost_total,
    countIf(priced = 0) AS unpriced
FROM spans FINAL
WHERE billable = 1 AND run_id = '' AND interrupted = 0
GROUP BY project_id, hour, trace_id
ORDER BY project_id, hour, trace_id
SETTINGS insert_deduplication_token = 'migration-041', deduplicate_insert_select = 'enable_even_for_bad_queries', max_threads = 1, max_insert_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS price_changes_trace_costs_mv TO trace_costs AS
SELECT
    project_id, toStartOfHour(start_time) AS hour, trace_id, sum(cost_delta) AS cost_total,
    -- Sums of UInt64 wrap: adding the complement takes away.
    toUInt64(sum(unpriced_delta)) AS unpriced
FROM price_changes
WHERE billable = 1 AND run_id = ''
GROUP BY project_id, hour, trace_id;
