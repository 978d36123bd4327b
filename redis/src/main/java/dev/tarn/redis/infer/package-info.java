/** What keys hold, found out from a sample of them. For the room alone. */
@NullMarked
package dev.tarn.redis.infer;

import org.jspecify.annotations.NullMarked;
