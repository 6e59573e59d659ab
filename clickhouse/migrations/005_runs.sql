-- Runs as lists and reports over millions want them. Postgres is the truth; a row is a copy, versioned by the sequence number
-- of the event that it was made after.
CREATE TABLE IF NOT EXISTS runs
(
    project_id    UUID,
    run_id        UUID,
    trace_id      FixedString(32) CODEC(ZSTD(1)),
    agent         LowCardinality(String),
    agent_version LowCardinality(String),
    status        LowCardinality(String),
    executions    UInt32,
    created_at    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    started_at    Nullable(DateTime64(6, 'UTC')),
    ended_at      Nullable(DateTime64(6, 'UTC')),
    session_id    String CODEC(ZSTD(1)),
    user_id       String CODEC(ZSTD(1)),
    tags          Array(LowCardinality(String)),
    parent_run_id String COMMENT 'Empty: it has no parent' CODEC(ZSTD(1)),
    failed_step   LowCardinality(String),
    error_type    LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    error_group   String CODEC(ZSTD(1)),
    saved_usd     Decimal(18, 12) COMMENT 'US dollars that replayed steps had cost',
    version       UInt64,
    INDEX by_group error_group TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(created_at)
ORDER BY (project_id, toStartOfHour(created_at), run_id)
COMMENT 'Runs, copied from Postgres at each change of status';
