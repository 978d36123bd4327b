package dev.tarn.redis.search;

import dev.tarn.redis.RedisIndex;

/**
 * A query that was written by hand: a table has the rows that it finds.
 *
 * @param query in the language of the index
 */
public record Searched(RedisIndex index, String query) {}
