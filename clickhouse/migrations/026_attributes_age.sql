-- What has no time of its own is kept by when it was stored.
ALTER TABLE span_attributes ADD COLUMN IF NOT EXISTS stored_at DateTime DEFAULT now() CODEC(Delta, ZSTD(1));
-- What is stored already is as old as this. Without it a value that is made at each read would be young for ever.
ALTER TABLE span_attributes MATERIALIZE COLUMN stored_at;
