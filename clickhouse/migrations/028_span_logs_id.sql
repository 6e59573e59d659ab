-- Records of a loop have one time and one name: without more to tell them apart all but the last of them were taken for repetitions.
ALTER TABLE span_logs
    ADD COLUMN IF NOT EXISTS id UInt64 COMMENT 'Checksum of body and attributes, times 2^20, and the place in the request that brought it' CODEC(ZSTD(1)),
    MODIFY ORDER BY (project_id, trace_id, span_id, time, name, id);
