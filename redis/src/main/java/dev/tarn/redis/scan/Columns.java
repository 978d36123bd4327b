package dev.tarn.redis.scan;

import java.util.List;
import java.util.stream.IntStream;

/** Which columns of a scan have a role. */
final class Columns {

  private Columns() {}

  static int[] withRole(List<ScanColumn> columns, Role role) {
    return IntStream.range(0, columns.size()).filter(i -> columns.get(i).role() == role).toArray();
  }

  static boolean have(List<ScanColumn> columns, Role role) {
    return columns.stream().anyMatch(column -> column.role() == role);
  }

  /** Whether nothing is wanted of the values but that they are there, and their numbers. */
  static boolean haveNoValues(List<ScanColumn> columns) {
    return columns.stream()
        .allMatch(column ->
            switch (column.role()) {
              case KEY, TTL, RELEVANCE, ROW_INDEX, RANK, POSITION -> true;
              case FIELD, VALUE, MEMBER, SCORE, ENTRY_ID, TIME, FIELDS, LABEL -> false;
            });
  }
}
