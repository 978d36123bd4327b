/** Search indexes of Redis: which there are, and what they answer. */
@NullMarked
package dev.tarn.redis.search;

import org.jspecify.annotations.NullMarked;
