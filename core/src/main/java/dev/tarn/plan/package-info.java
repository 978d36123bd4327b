/** Lazy queries: a sealed tree, one record a node. */
@NullMarked
package dev.tarn.plan;

import org.jspecify.annotations.NullMarked;
