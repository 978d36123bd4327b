/** Redis as a lake sees it: keys scanned as frames, frames written as keys. */
@NullMarked
package dev.tarn.redis;

import org.jspecify.annotations.NullMarked;
