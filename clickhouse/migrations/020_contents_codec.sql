-- Hexadecimal digits: LZ4, the default, leaves them at their length, ZSTD halves it.
ALTER TABLE contents MODIFY COLUMN hash FixedString(32) CODEC(ZSTD(1));
