-- What a span says it saved: a step that came from the step cache, a context that a summary made shorter.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS saved_by LowCardinality(String) COMMENT 'step_cache, compaction, or empty: it saved nothing',
    ADD COLUMN IF NOT EXISTS saved_tokens UInt64 COMMENT 'Tokens that were not used thanks to it' CODEC(T64, ZSTD(1)),
    ADD COLUMN IF NOT EXISTS saved_usd Decimal(18, 12) COMMENT 'US dollars; 0 where no price is known, too' CODEC(ZSTD(1));
