/** The terminal: whether there is one, progress on it, and Ctrl-C. */
@NullMarked
package dev.tarn.cli.terminal;

import org.jspecify.annotations.NullMarked;
