/**
 * Lazy frames: {@link dev.tarn.Frame}, the expressions to build them with ({@link
 * dev.tarn.Columns}), and their results.
 */
@NullMarked
package dev.tarn;

import org.jspecify.annotations.NullMarked;
