package dev.tarn.duckdb;

import java.util.function.IntUnaryOperator;

/**
 * SQL that somebody wrote, within SQL that was made of it, so that an error can show its place.
 *
 * @param text as it was written
 * @param place the byte in the text for a byte in what DuckDB was given; negative for none
 */
record UserText(String text, IntUnaryOperator place) {
  static final UserText NONE = new UserText("", position -> -1);
}
