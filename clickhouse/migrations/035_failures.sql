-- Failures of runs, a row for each execution that failed or crashed: it did, whatever became of the run since. Copied from the events
-- in Postgres, so copying one again changes nothing.
CREATE TABLE IF NOT EXISTS failures
(
    project_id    UUID,
    error_group   String COMMENT 'Fingerprint of the cause' CODEC(ZSTD(1)),
    run_id        String COMMENT 'UUID of the run' CODEC(ZSTD(1)),
    execution     UInt32,
    trace_id      FixedString(32) CODEC(ZSTD(1)),
    failed_at     DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    began_at      DateTime64(6, 'UTC') COMMENT 'When the execution began' CODEC(Delta, ZSTD(1)),
    agent         LowCardinality(String),
    agent_version LowCardinality(String) COMMENT 'Of the execution',
    step          LowCardinality(String),
    error_type    LowCardinality(String),
    error_message String COMMENT 'First 1,000 characters' CODEC(ZSTD(1)),
    session_id    String CODEC(ZSTD(1)),
    user_id       String CODEC(ZSTD(1)),
    version       UInt64 COMMENT 'Sequence number of the event'
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(failed_at)
ORDER BY (project_id, error_group, run_id, execution)
COMMENT 'Executions that failed or crashed';

-- What is stored already, as far as it was given a fingerprint.
INSERT INTO failures (project_id, error_group, run_id, execution, trace_id, failed_at, began_at, agent, agent_version, step, error_type,
    error_message, session_id, user_id, version)
SELECT project_id, error_group, toString(run_id), executions, trace_id, coalesce(ended_at, created_at), coalesce(started_at, created_at),
    agent, agent_version, failed_step, error_type, error_message, session_id, user_id, version
FROM runs FINAL
WHERE status IN ('failed', 'crashed') AND error_group != '';
