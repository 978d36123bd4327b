/** For this room alone: which keys there are, and what they hold, at the speed of the socket. */
@NullMarked
package dev.tarn.redis.scan;

import org.jspecify.annotations.NullMarked;
