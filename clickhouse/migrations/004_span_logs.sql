-- Messages that older emitters send as log records beside a span, before or after it.
CREATE TABLE IF NOT EXISTS span_logs
(
    project_id UUID,
    trace_id   FixedString(32) CODEC(ZSTD(1)),
    span_id    FixedString(16) CODEC(ZSTD(1)),
    time       DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    name       LowCardinality(String) COMMENT 'Event name: gen_ai.user.message and the like',
    body       String COMMENT 'JSON' CODEC(ZSTD(3)),
    attributes String COMMENT 'JSON object' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_id, span_id, time, name)
COMMENT 'GenAI log records, joined to their span when it is opened';
