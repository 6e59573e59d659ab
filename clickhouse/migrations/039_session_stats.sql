-- Conversations and the people in them, by day: their lists at any size. Of spans that name a session or a user, and came to their end;
-- later versions of a span are left out, as in hourly_stats: what re-pricing changes comes as a difference.
CREATE TABLE IF NOT EXISTS session_stats
(
    project_id  UUID,
    day         Date CODEC(Delta, ZSTD(1)),
    session_id  String COMMENT 'Empty: the user''s spans of no session' CODEC(ZSTD(1)),
    user_id     String CODEC(ZSTD(1)),
    first_seen  SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    last_seen   SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    -- As numbers: a state of a few of them is a few times 8 bytes.
    traces      AggregateFunction(uniqExact, UInt64) COMMENT 'Hashes of trace ids: a turn each',
    spans       SimpleAggregateFunction(sum, UInt64),
    errors      SimpleAggregateFunction(sum, UInt64),
    calls       SimpleAggregateFunction(sum, UInt64) COMMENT 'Billable spans',
    unpriced    SimpleAggregateFunction(sum, UInt64) COMMENT 'Billable spans without a price',
    usage_total SimpleAggregateFunction(sum, UInt64) COMMENT 'Tokens of billable spans',
    cost_total  SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'US dollars of billable spans'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project_id, day, user_id, session_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Sessions and users by day: sums';

CREATE MATERIALIZED VIEW IF NOT EXISTS session_stats_mv TO session_stats AS
SELECT
    project_id, toDate(start_time) AS day, session_id, user_id, min(start_time) AS first_seen, max(end_time) AS last_seen,
    uniqExactState(cityHash64(trace_id)) AS traces, count() AS spans, countIf(status = 'error') AS errors,
    countIf(billable = 1) AS calls, countIf(billable = 1 AND priced = 0) AS unpriced,
    sumIf(usage_total, billable = 1) AS usage_total, sumIf(CAST(cost_total, 'Decimal(38, 12)'), billable = 1) AS cost_total
FROM spans
WHERE interrupted = 0 AND version = 1 AND (session_id != '' OR user_id != '')
GROUP BY project_id, day, session_id, user_id;

-- What is stored already. The table remembers the token: two that migrate at once fill it once.
INSERT INTO session_stats (project_id, day, session_id, user_id, first_seen, last_seen, traces, spans, errors, calls, unpriced, usage_total, cost_total)
SELECT
    project_id, toDate(start_time) AS day, session_id, user_id, min(start_time) AS first_seen, max(end_time) AS last_seen,
    uniqExactState(cityHash64(trace_id)) AS traces, count() AS spans, countIf(status = 'error') AS errors,
    countIf(billable = 1) AS calls, countIf(billable = 1 AND priced = 0) AS unpriced,
    sumIf(usage_total, billable = 1) AS usage_total, sumIf(CAST(cost_total, 'Decimal(38, 12)'), billable = 1) AS cost_total
FROM spans FINAL
WHERE interrupted = 0 AND (session_id != '' OR user_id != '')
GROUP BY project_id, day, session_id, user_id
ORDER BY project_id, day, user_id, session_id
SETTINGS insert_deduplication_token = 'migration-039', deduplicate_insert_select = 'enable_even_for_bad_queries', max_threads = 1, max_insert_threads = 1;

-- Whose call it was that was priced again.
ALTER TABLE price_changes
    ADD COLUMN IF NOT EXISTS session_id String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS user_id String CODEC(ZSTD(1));

CREATE MATERIALIZED VIEW IF NOT EXISTS price_changes_session_stats_mv TO session_stats AS
SELECT
    project_id, toDate(start_time) AS day, session_id, user_id, min(start_time) AS first_seen, max(start_time) AS last_seen,
    sum(cost_delta) AS cost_total,
    -- Sums of UInt64 wrap: adding the complement takes away.
    toUInt64(sum(unpriced_delta)) AS unpriced
FROM price_changes
WHERE billable = 1 AND (session_id != '' OR user_id != '')
GROUP BY project_id, day, session_id, user_id;

-- Runs of a session or a user, without reading every row's.
ALTER TABLE runs
    ADD INDEX IF NOT EXISTS by_session session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS by_user user_id TYPE bloom_filter(0.01) GRANULARITY 1;
