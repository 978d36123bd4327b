package dev.tarn.redis.scan;

import dev.tarn.redis.BadValue;
import dev.tarn.type.DataType;
import java.util.LinkedHashSet;
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

  /**
   * What is read so that a query has these columns. Where a bad value leaves its row out, all that
   * can be bad are read besides, behind those: which rows there are does not depend on what is
   * wanted of them.
   */
  static List<ScanColumn> read(ScanSpec spec, List<ScanColumn> wanted) {
    if (spec.options().onBadValue() != BadValue.SKIP_ROW) {
      return wanted;
    }
    var read = new LinkedHashSet<>(wanted);
    spec.columns().stream().filter(Columns::canBeBad).forEach(read::add);
    return List.copyOf(read);
  }

  private static boolean canBeBad(ScanColumn column) {
    return switch (column.role()) {
      case KEY, FIELD, VALUE, MEMBER, ENTRY_ID, TIME, FIELDS, LABEL ->
          !column.type().equals(DataType.BLOB);
      case ROW_INDEX, TTL, RELEVANCE, SCORE, RANK, POSITION -> false;
    };
  }

  /** Whether it takes more than the key to make rows. */
  static boolean needValues(KeyType type, List<ScanColumn> columns) {
    return !type.isOneRow()
        || columns.stream()
            .anyMatch(column ->
                switch (column.role()) {
                  case KEY, TTL, ROW_INDEX, RELEVANCE -> false;
                  default -> true;
                });
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
