-- Spans in error of traces that belong to no run: what failed in a trace is found among these, few, and not among all its spans.
CREATE TABLE IF NOT EXISTS error_spans
(
    project_id      UUID,
    trace_id        FixedString(32) CODEC(ZSTD(1)),
    span_id         FixedString(16) CODEC(ZSTD(1)),
    parent_span_id  String COMMENT 'Empty at a root' CODEC(ZSTD(1)),
    start_time      DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end_time        DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    name            LowCardinality(String),
    agent           LowCardinality(String),
    agent_version   LowCardinality(String),
    service         LowCardinality(String),
    service_version LowCardinality(String),
    error_type      LowCardinality(String),
    error_message   String CODEC(ZSTD(1)),
    error_group     String CODEC(ZSTD(1)),
    session_id      String CODEC(ZSTD(1)),
    user_id         String CODEC(ZSTD(1)),
    version         UInt8
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(start_time)
ORDER BY (project_id, toStartOfHour(start_time), trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Spans in error of traces that belong to no run';

CREATE MATERIALIZED VIEW IF NOT EXISTS error_spans_mv TO error_spans AS
SELECT
    project_id, trace_id, span_id, parent_span_id, start_time, end_time, name, agent, agent_version, service, service_version,
    error_type, error_message, error_group, session_id, user_id, version
FROM spans
WHERE status = 'error' AND run_id = '';

INSERT INTO error_spans (project_id, trace_id, span_id, parent_span_id, start_time, end_time, name, agent, agent_version, service,
    service_version, error_type, error_message, error_group, session_id, user_id, version)
SELECT
    project_id, trace_id, span_id, parent_span_id, start_time, end_time, name, agent, agent_version, service, service_version,
    error_type, error_message, error_group, session_id, user_id, version
FROM spans FINAL
WHERE status = 'error' AND run_id = ''
SETTINGS max_threads = 1, max_insert_threads = 1;
