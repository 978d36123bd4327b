/** The commands of {@code tarn redis}, and {@code tarn bench redis}. */
@NullMarked
package dev.tarn.cli.redis;

import org.jspecify.annotations.NullMarked;
