/** The embedded engine: runs plans on DuckDB inside this process. */
@NullMarked
package dev.tarn.duckdb;

import org.jspecify.annotations.NullMarked;
