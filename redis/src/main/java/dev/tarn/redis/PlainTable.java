package dev.tarn.redis;

import java.util.List;

/** Columns under one another. */
final class PlainTable {

  private static final int WIDEST = 40;

  private PlainTable() {}

  /** A line for each row, the first being the head; two blanks between columns. */
  static String of(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(clipped(row.get(i), i == widths.length - 1)));
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = clipped(row.get(i), i == widths.length - 1);
        line.append(cell).repeat(' ', widths[i] - length(cell) + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The last column may be as long as it is. */
  private static String clipped(String cell, boolean last) {
    return last || length(cell) <= WIDEST
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
