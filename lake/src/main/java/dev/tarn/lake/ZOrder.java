package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.ntile;
import static dev.tarn.Columns.orderBy;
import static dev.tarn.Columns.when;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * An order in which rows that are near each other in several columns stand near each other: each
 * value is put into one of 64 buckets of about as many rows, and the bits of the buckets' numbers
 * are interleaved. Buckets come from a sample; wherever they lie, no row is lost.
 */
final class ZOrder {

  private static final int BITS = 6;
  private static final int BUCKETS = 1 << BITS;
  private static final long SAMPLE = 100_000;
  private static final int TEXT = 64;

  private static final String VALUE = "__tarn_value";
  private static final String BUCKET = "__tarn_bucket";

  private ZOrder() {}

  /** Values up to this one, that no boundary before has, are in the bucket. */
  private record Boundary(Object value, int bucket) {}

  static List<SortKey> keys(Frame rows, List<String> columns) {
    List<Expr> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Expr value = value(rows, columns.get(i));
      List<Boundary> boundaries = boundaries(rows, value);
      parts.add(
          boundaries.isEmpty()
              ? lit(0)
              : tree(value, boundaries, 0, boundaries.size() - 1, columns.size(), i));
    }
    Expr key = parts.getFirst();
    for (Expr part : parts.subList(1, parts.size())) {
      key = key.plus(part);
    }
    var keys = new ArrayList<SortKey>(List.of(SortKey.of(key)));
    columns.forEach(column -> keys.add(SortKey.of(column)));
    return keys;
  }

  static void requireOrdered(dev.tarn.type.Schema schema, List<String> columns) {
    for (String column : columns) {
      Field field =
          schema
              .field(column)
              .orElseThrow(() -> UnknownColumn.of("order by", column, "", schema.names()));
      switch (field.type()) {
        case DataType.Simple simple -> {}
        case DataType.Decimal decimal -> {}
        case DataType.EnumOf words -> {}
        default ->
            throw new InvalidRequest(
                "Cannot z-order by column %s: it is a %s. Name columns of single values."
                    .formatted(column, field.type()));
      }
    }
  }

  private static Expr value(Frame rows, String column) {
    return rows.schema().field(column).map(Field::type).orElseThrow().equals(DataType.VARCHAR)
        ? col(column).substring(1, TEXT)
        : col(column);
  }

  private static List<Boundary> boundaries(Frame rows, Expr value) {
    List<Row> found =
        rows
            .select(value.as(VALUE))
            .filter(col(VALUE).isNotNull())
            .sample(SAMPLE)
            .withColumns(ntile(BUCKETS).over(orderBy(VALUE)).as(BUCKET))
            .groupBy(BUCKET)
            .agg(max(VALUE).as(VALUE))
            .sort(BUCKET)
            .collect()
            .stream()
            .toList();
    var boundaries = new ArrayList<Boundary>();
    for (Row row : found) {
      Object upTo = row.value(VALUE);
      boolean repeated = !boundaries.isEmpty() && boundaries.getLast().value().equals(upTo);
      if (upTo != null && !repeated && !isNan(upTo)) {
        boundaries.add(new Boundary(upTo, row.intValue(BUCKET) - 1));
      }
    }
    return boundaries;
  }

  /** NaN is greater than all others: it falls into the last bucket by itself. */
  private static boolean isNan(Object value) {
    return (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
  }

  /** A search by halves; nulls go where the greatest values go. */
  private static Expr tree(
      Expr value, List<Boundary> boundaries, int from, int to, int columns, int column) {
    if (from == to) {
      return lit(spread(boundaries.get(from).bucket(), columns, column));
    }
    int middle = (from + to) / 2;
    return when(value.le(boundaries.get(middle).value()))
        .then(tree(value, boundaries, from, middle, columns, column))
        .otherwise(tree(value, boundaries, middle + 1, to, columns, column));
  }

  /** The bits of a bucket where they stand among those of all columns. */
  private static int spread(int bucket, int columns, int column) {
    int spread = 0;
    for (int bit = 0; bit < BITS; bit++) {
      spread |= ((bucket >> bit) & 1) << (bit * columns + columns - 1 - column);
    }
    return spread;
  }
}
