-- What has no time of its own is kept by when it was stored.
ALTER TABLE span_attributes ADD COLUMN IF NOT EXISTS stored_at DateTime DEFAULT now() CODEC(Delta, ZSTD(1));
