-- What a step did not have to spend: its output came from the step cache, or a summary stood for a conversation's older messages.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS saved_by LowCardinality(String) COMMENT 'step_cache, compaction, or empty: nothing' AFTER ttft_ms,
    ADD COLUMN IF NOT EXISTS saved_tokens UInt64 CODEC(T64, ZSTD(1)) AFTER saved_by,
    ADD COLUMN IF NOT EXISTS saved_usd Decimal(18, 12) COMMENT 'US dollars; 0 where no price is known' CODEC(ZSTD(1)) AFTER saved_tokens;
