/** Redis for tests: real servers, clusters and sentinels, a plain client, and bad connections. */
@NullMarked
package dev.tarn.testkit.redis;

import org.jspecify.annotations.NullMarked;
