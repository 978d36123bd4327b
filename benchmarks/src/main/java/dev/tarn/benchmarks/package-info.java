/** What Tarn costs, against the same work done by plain JDBC on DuckDB in the same run. */
@NullMarked
package dev.tarn.benchmarks;

import org.jspecify.annotations.NullMarked;
