-- The index of words with its lists of places bit by bit: it takes a third less, and costs the same to make and to ask. Under a name of its
-- own: two that migrate at once must not drop what the other has made.
ALTER TABLE contents DROP INDEX IF EXISTS words;
ALTER TABLE contents
    ADD INDEX IF NOT EXISTS tokens text TYPE text(tokenizer = 'splitByNonAlpha', preprocessor = lower(text), posting_list_codec = 'bitpacking') GRANULARITY 1;
ALTER TABLE contents MATERIALIZE INDEX tokens;
