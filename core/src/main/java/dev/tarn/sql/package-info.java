/** Plans and expressions as SQL text. */
@NullMarked
package dev.tarn.sql;

import org.jspecify.annotations.NullMarked;
