/** The commands on datasets. */
@NullMarked
package dev.tarn.cli.dataset;

import org.jspecify.annotations.NullMarked;
