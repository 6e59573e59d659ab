-- One message, value or definition, stored once for each conversation (session, else trace): a conversation of k turns
-- stores k messages. The text index finds words; their spans name the hashes.
CREATE TABLE IF NOT EXISTS contents
(
    project_id UUID,
    scope_id   String COMMENT 'Session id, else trace id' CODEC(ZSTD(1)),
    hash       FixedString(32) COMMENT 'First 128 bits of SHA-256 of the text, as 32 hexadecimal digits',
    text       String COMMENT 'JSON of the message or value' CODEC(ZSTD(3)),
    stored_at  DateTime DEFAULT now() CODEC(Delta, ZSTD(1)),
    INDEX words text TYPE text(tokenizer = 'splitByNonAlpha', preprocessor = lower(text)) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, scope_id, hash)
SETTINGS index_granularity_bytes = 67108864
COMMENT 'Messages, values and definitions, once for each conversation';
