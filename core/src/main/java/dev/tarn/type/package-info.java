/** Column types and schemas, in the terms of SQL. */
@NullMarked
package dev.tarn.type;

import org.jspecify.annotations.NullMarked;
