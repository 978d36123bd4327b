/** The demo. Start reading in {@link dev.tarn.cli.demo.Questions}. */
@NullMarked
package dev.tarn.cli.demo;

import org.jspecify.annotations.NullMarked;
