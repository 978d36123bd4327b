/** Keys to measure with, and their removal. For the room alone. */
@NullMarked
package dev.tarn.redis.bench;

import org.jspecify.annotations.NullMarked;
