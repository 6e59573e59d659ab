-- All that a sender sent, lossless, as JSON text: read when one span is opened.
CREATE TABLE IF NOT EXISTS span_attributes
(
    project_id       UUID,
    trace_id         FixedString(32) CODEC(ZSTD(1)),
    span_id          FixedString(16) CODEC(ZSTD(1)),
    attributes       String COMMENT 'JSON object' CODEC(ZSTD(3)),
    resource         String COMMENT 'JSON object' CODEC(ZSTD(3)),
    scope_name       LowCardinality(String),
    scope_version    LowCardinality(String),
    scope_attributes String CODEC(ZSTD(3)),
    schema_url       LowCardinality(String),
    events           String COMMENT 'JSON array of { name, time, attributes }' CODEC(ZSTD(3)),
    links            String COMMENT 'JSON array of { traceId, spanId, attributes }' CODEC(ZSTD(3)),
    trace_state      String CODEC(ZSTD(1)),
    otel_kind        UInt8,
    flags            UInt32,
    error_stack      String CODEC(ZSTD(3)),
    parameters       String COMMENT 'JSON object: temperature and the like' CODEC(ZSTD(3)),
    metadata         String COMMENT 'JSON object' CODEC(ZSTD(3)),
    notes            String COMMENT 'JSON array: doubts about what was sent' CODEC(ZSTD(1)),
    version          UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id, span_id)
COMMENT 'All original attributes, resource, scope, events and links of a span';
