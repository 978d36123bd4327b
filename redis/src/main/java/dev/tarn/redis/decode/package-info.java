/** For this room alone: bytes that Redis holds, as columns. */
@NullMarked
package dev.tarn.redis.decode;

import org.jspecify.annotations.NullMarked;
