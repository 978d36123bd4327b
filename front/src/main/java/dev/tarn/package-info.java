/** The front door: {@link dev.tarn.Tarn} wires the rooms together. */
@NullMarked
package dev.tarn;

import org.jspecify.annotations.NullMarked;
