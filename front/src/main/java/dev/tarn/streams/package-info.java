/** Streams of Redis on their way into datasets. */
@NullMarked
package dev.tarn.streams;

import org.jspecify.annotations.NullMarked;
