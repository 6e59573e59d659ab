-- What calls cost after they were priced again, and by how much that differs. Sums take the differences from here; the spans are written
-- again, as a later version, which the sums leave out.
CREATE TABLE IF NOT EXISTS price_changes
(
    project_id    UUID,
    job_id        UUID COMMENT 'The re-pricing',
    page          UInt32 COMMENT 'Of the re-pricing: what was inserted at once',
    trace_id      FixedString(32) CODEC(ZSTD(1)),
    span_id       FixedString(16) CODEC(ZSTD(1)),
    start_time    DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    kind          LowCardinality(String),
    top           UInt8,
    agent         LowCardinality(String),
    agent_version LowCardinality(String),
    model         LowCardinality(String),
    provider      LowCardinality(String),
    tool_name     LowCardinality(String),
    run_id        String CODEC(ZSTD(1)),
    step_key      String CODEC(ZSTD(1)),
    execution     UInt32,
    billable      UInt8,
    cost_total    Decimal(18, 12) COMMENT 'New; US dollars, as all here',
    cost_parts    Map(LowCardinality(String), Decimal(18, 12)) CODEC(ZSTD(1)),
    priced        UInt8,
    price_id      LowCardinality(String),
    saved_usd     Decimal(18, 12),
    cost_delta    Decimal(38, 12) COMMENT 'New less old; a missing price is 0',
    parts_delta   Map(String, Decimal(38, 12)) CODEC(ZSTD(1)),
    unpriced_delta Int8 COMMENT '-1: it has a price now; 1: it has none any more',
    changed_at    DateTime DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(changed_at)
ORDER BY (project_id, job_id, page, trace_id, span_id)
TTL changed_at + INTERVAL 1 YEAR
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Costs that re-pricing changed';

CREATE MATERIALIZED VIEW IF NOT EXISTS price_changes_run_usage_mv TO run_usage AS
SELECT
    project_id, run_id, step_key, execution, sum(cost_delta) AS cost_total, sumMap(parts_delta) AS cost_parts,
    -- Sums of UInt64 wrap: adding the complement takes away.
    toUInt64(sum(unpriced_delta)) AS unpriced
FROM price_changes
WHERE billable = 1 AND run_id != ''
GROUP BY project_id, run_id, step_key, execution;

CREATE MATERIALIZED VIEW IF NOT EXISTS price_changes_hourly_stats_mv TO hourly_stats AS
SELECT
    project_id, multiIf(grouping(tool_name) = 0, 'tool', grouping(agent) = 0, 'agent', 'model') AS grain,
    toStartOfHour(start_time) AS hour, kind, top, agent, agent_version, model, provider, tool_name,
    sum(cost_delta) AS cost_total, toUInt64(sum(unpriced_delta)) AS unpriced
FROM price_changes
WHERE billable = 1
GROUP BY GROUPING SETS
(
    (project_id, hour, kind, model, provider),
    (project_id, hour, kind, top, agent, agent_version),
    (project_id, hour, kind, tool_name)
);

ALTER TABLE run_usage_mv MODIFY QUERY
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
WHERE billable = 1 AND run_id != '' AND version <= 1
GROUP BY project_id, run_id, step_key, execution;
