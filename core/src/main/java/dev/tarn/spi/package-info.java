/** The seams: what an engine, a source and a sink are to each other. */
@NullMarked
package dev.tarn.spi;

import org.jspecify.annotations.NullMarked;
