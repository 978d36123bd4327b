/** Frames into DFLib, for eager work in memory. Needs DFLib, an optional dependency. */
@NullMarked
package dev.tarn.dflib;

import org.jspecify.annotations.NullMarked;
