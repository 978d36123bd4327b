/** Files: formats, and the options of reading and writing them. */
@NullMarked
package dev.tarn.io;

import org.jspecify.annotations.NullMarked;
