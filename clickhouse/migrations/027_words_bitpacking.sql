-- The index of words with its lists of places bit by bit: it takes a third less, and costs the same to make and to ask. And with the words
-- as a person reads them: texts are JSON, in which a line's first word follows `\n`, and alphabets and quotation marks are not only ASCII's.
-- Under a name of its own: two that migrate at once must not drop what the other has made.
ALTER TABLE contents DROP INDEX IF EXISTS words;
ALTER TABLE contents
    ADD INDEX IF NOT EXISTS tokens text TYPE text(
        tokenizer = 'splitByNonAlpha',
        preprocessor = lowerUTF8(replaceRegexpAll(text, '\\\\[bfnrt]|[“”„‘’‚…–—«»¿¡·、。，：；？！「」（）]', ' ')),
        posting_list_codec = 'bitpacking') GRANULARITY 1;
ALTER TABLE contents MATERIALIZE INDEX tokens;
