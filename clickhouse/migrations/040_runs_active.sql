-- How long a run was worked on: a run that is resumed an hour after it failed didn't take an hour.
ALTER TABLE runs
    ADD COLUMN IF NOT EXISTS active_ms Nullable(UInt64) COMMENT 'Milliseconds of its executions; null: copied before this was kept' CODEC(T64, ZSTD(1));
