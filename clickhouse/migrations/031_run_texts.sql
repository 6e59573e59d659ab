-- Inputs, outputs and errors of runs as words: a search finds runs without reading them in Postgres.
CREATE TABLE IF NOT EXISTS run_texts
(
    project_id UUID,
    run_id     UUID,
    trace_id   FixedString(32) CODEC(ZSTD(1)),
    created_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    text       String COMMENT 'Input, output and error, each shortened' CODEC(ZSTD(3)),
    version    UInt64,
    INDEX words text TYPE text(tokenizer = 'splitByNonAlpha', preprocessor = lower(text)) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(created_at)
ORDER BY (project_id, toStartOfHour(created_at), run_id)
SETTINGS index_granularity_bytes = 67108864
COMMENT 'Words of runs, copied from Postgres when a run begins and ends';
