-- Traces of a user, without reading every row's.
ALTER TABLE spans ADD INDEX IF NOT EXISTS by_user user_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE spans MATERIALIZE INDEX by_user;
