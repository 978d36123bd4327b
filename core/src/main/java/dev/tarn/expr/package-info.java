/** Expressions: a sealed tree, one record a node. */
@NullMarked
package dev.tarn.expr;

import org.jspecify.annotations.NullMarked;
