/** For this room alone: addresses, connections and which server holds which key. */
@NullMarked
package dev.tarn.redis.wire;

import org.jspecify.annotations.NullMarked;
