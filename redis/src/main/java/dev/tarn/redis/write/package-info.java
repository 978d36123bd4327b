/** For this room alone: rows on their way into Redis. */
@NullMarked
package dev.tarn.redis.write;

import org.jspecify.annotations.NullMarked;
