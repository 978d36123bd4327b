package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.rowNumber;
import static dev.tarn.Columns.when;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.BadData;
import dev.tarn.error.TarnException;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Expr;
import dev.tarn.expr.Window;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Gives the rows of a frame the columns of a dataset: by name, cast where nothing is lost. A value
 * that would change is an error that names column, value and row; nothing is dropped in silence.
 */
final class Shaping {

  private static final Set<DataType.Simple> NAIVE =
      EnumSet.of(
          DataType.Simple.TIMESTAMP,
          DataType.Simple.TIMESTAMP_S,
          DataType.Simple.TIMESTAMP_MS,
          DataType.Simple.TIMESTAMP_NS);

  private static final String ROW = "__tarn_row";
  private static final String VALUE = "__tarn_value";

  private final String doing;
  private final org.apache.iceberg.Schema table;
  private final boolean truncatesNanos;

  /**
   * Starts one.
   *
   * @param doing for messages, such as {@code append to [sales]}
   */
  Shaping(String doing, org.apache.iceberg.Schema table, boolean truncatesNanos) {
    this.doing = doing;
    this.table = table;
    this.truncatesNanos = truncatesNanos;
  }

  /**
   * A column of the result.
   *
   * @param given its value before it is cast
   * @param bad true for a row whose value does not fit; null when all fit
   * @param fails whether the engine refuses such a value by itself
   */
  private record Column(String name, Expr given, Expr value, @Nullable Expr bad, boolean fails) {
    Expr.Alias checked() {
      Expr checked =
          bad == null || fails
              ? value
              : new Expr.Case(
                  List.of(
                      new Expr.Branch(
                          bad,
                          new Expr.Call("error", List.of(lit("a value does not fit " + name))))),
                  value);
      return checked.as(name);
    }
  }

  /** The frame with the dataset's columns, in their order. */
  Frame shape(Frame frame) {
    Schema schema = frame.schema();
    requireKnown(schema);
    return frame.select(columns(schema).stream().map(Column::checked).toArray());
  }

  /**
   * Rows of the dataset in which columns get other values where a predicate is true. A value is
   * cast to its column's type before it stands beside those that stay: what they have in common
   * could be a type that changes them.
   */
  Frame assign(Frame rows, Expr predicate, List<Expr.Alias> assignments) {
    Expr[] values =
        assigned(rows, assignments).stream()
            .map(column ->
                when(predicate)
                    .then(column.checked().operand())
                    .otherwise(col(column.name()))
                    .as(column.name()))
            .toArray(Expr[]::new);
    return rows.withColumns(values);
  }

  private List<Column> assigned(Frame rows, List<Expr.Alias> assignments) {
    var columns = new ArrayList<Column>();
    for (Expr.Alias assignment : assignments) {
      Expr value = assignment.operand();
      DataType type = rows.select(value.as(VALUE)).schema().fields().getFirst().type();
      columns.add(given(table.caseInsensitiveFindField(assignment.name()), value, type));
    }
    return columns;
  }

  /**
   * Runs what writes shaped rows; where it fails as a value does not fit, says which.
   *
   * @param frame as it was before it was shaped
   */
  <T> T explaining(Frame frame, Supplier<T> write) {
    return explaining(write, frame, () -> columns(frame.schema()));
  }

  /** The same for rows that were assigned to. */
  <T> T explaining(Frame rows, Expr predicate, List<Expr.Alias> assignments, Supplier<T> write) {
    return explaining(write, rows.filter(predicate), () -> assigned(rows, assignments));
  }

  private <T> T explaining(Supplier<T> write, Frame frame, Supplier<List<Column>> columns) {
    try {
      return write.get();
    } catch (TarnException e) {
      throw culprit(frame, columns).map(bad -> (TarnException) new BadData(bad, e)).orElse(e);
    }
  }

  private Optional<String> culprit(Frame frame, Supplier<List<Column>> columns) {
    try {
      Frame numbered =
          frame.withColumns(rowNumber().over(new Window(List.of(), List.of(), null)).as(ROW));
      for (Column column : columns.get()) {
        Expr bad = column.bad();
        if (bad != null) {
          Frame values = numbered.filter(bad).select(column.given().as(VALUE), col(ROW)).limit(1);
          for (Row row : values.collect()) {
            return Optional.of(message(column.name(), row.value(VALUE), row.value(ROW)));
          }
        }
      }
    } catch (RuntimeException alsoFailed) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private String message(String name, @Nullable Object value, @Nullable Object row) {
    DataType type = IcebergTypes.type(table.findField(name).type());
    return value == null
        ? "Cannot %s: column %s is null in row %s, and it is required. Give it a value."
            .formatted(doing, name, row)
        : "Cannot %s: value %s of column %s in row %s does not fit %s without loss. Cast or round it before, or widen the column."
            .formatted(doing, quoted(value), name, row, type);
  }

  private static String quoted(Object value) {
    String text = String.valueOf(value);
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return value instanceof CharSequence ? "'" + shown + "'" : shown;
  }

  private void requireKnown(Schema schema) {
    List<String> names = table.columns().stream().map(Types.NestedField::name).toList();
    for (Field field : schema.fields()) {
      if (names.stream().noneMatch(field.name()::equalsIgnoreCase)) {
        throw new BadData(
            "Cannot %s: it has no column %s; it has %s.%s Say evolve() to add it, or drop it from the frame."
                .formatted(
                    doing,
                    field.name(),
                    String.join(", ", names),
                    UnknownColumn.nearest(field.name(), names)
                        .map(nearest -> " Did you mean " + nearest + "?")
                        .orElse("")));
      }
    }
  }

  private List<Column> columns(Schema schema) {
    var columns = new ArrayList<Column>();
    for (Types.NestedField column : table.columns()) {
      columns.add(
          schema
              .field(column.name())
              .map(field -> given(column, col(field.name()), field.type()))
              .orElseGet(() -> missing(column)));
    }
    return columns;
  }

  private Column missing(Types.NestedField column) {
    DataType type = IcebergTypes.type(column.type());
    Object value = IcebergTypes.toJava(column.type(), column.writeDefault());
    if (value == null && column.isRequired()) {
      throw new BadData(
          "Cannot %s: the frame has no column %s, and it is required. Add it."
              .formatted(doing, column.name()));
    }
    Expr literal = lit(value);
    return new Column(column.name(), literal, literal.cast(type), null, false);
  }

  /** A column from an expression of some type. */
  private Column given(Types.NestedField column, Expr value, DataType type) {
    MemberDefaults.Typed filled = MemberDefaults.filled(value, type, column.type());
    Expr given = filled.value();
    DataType from = filled.type();
    DataType to = IcebergTypes.type(column.type());
    boolean same = from.equals(to);
    boolean exact = same || isExact(from, to);
    Expr bad = same ? null : loss(column.name(), given, from, to);
    if (column.isRequired()) {
      bad = bad == null ? given.isNull() : given.isNull().or(bad);
    }
    return new Column(
        column.name(),
        given,
        same ? given : converted(given, from, to),
        bad,
        exact && !column.isRequired());
  }

  private static Expr converted(Expr value, DataType from, DataType to) {
    if (from.equals(DataType.Simple.TIMESTAMP_NS) && to.equals(DataType.TIMESTAMP)) {
      // a cast would round
      Expr nanos = new Expr.Call("epoch_ns", List.of(value));
      Expr rest = nanos.modulo(1000).plus(1000).modulo(1000);
      return new Expr.Call("make_timestamp", List.of(nanos.minus(rest).integerDividedBy(1000)));
    }
    return value.cast(to);
  }

  /** When a value would be another one after its cast; null when it never is. */
  private @Nullable Expr loss(String name, Expr value, DataType from, DataType to) {
    if (isZoned(from, to)) {
      throw new BadData(
          "Cannot %s: column %s is %s in the frame and %s in the dataset, and only you know the zone. Cast it before."
              .formatted(doing, name, from, to));
    }
    if (from.equals(DataType.BLOB) || to.equals(DataType.BLOB)) {
      throw new BadData(
          "Cannot %s: column %s is %s in the frame and %s in the dataset. Convert it before, by encode(…) or decode(…)."
              .formatted(doing, name, from, to));
    }
    if (from.equals(DataType.Simple.NULL)) {
      return null;
    }
    Expr failed = value.isNotNull().and(value.tryCast(to).isNull());
    if (isExact(from, to)) {
      return failed;
    }
    if (from.equals(DataType.Simple.TIMESTAMP_NS) && to.equals(DataType.TIMESTAMP)) {
      return truncatesNanos ? null : new Expr.Call("epoch_ns", List.of(value)).modulo(1000).ne(0);
    }
    if (from.equals(DataType.VARCHAR)) {
      return pattern(to)
          .<Expr>map(regex -> failed.or(value.matchesRegex(regex).not()))
          .orElse(failed);
    }
    return failed.or(value.tryCast(to).tryCast(from).different(value));
  }

  private static boolean isZoned(DataType from, DataType to) {
    return (from.equals(DataType.TIMESTAMPTZ) && isNaive(to))
        || (to.equals(DataType.TIMESTAMPTZ) && (isNaive(from) || from.equals(DataType.DATE)));
  }

  private static boolean isNaive(DataType type) {
    return type instanceof DataType.Simple simple && NAIVE.contains(simple);
  }

  /** Casts that yield the same value, or fail by themselves. */
  private static boolean isExact(DataType from, DataType to) {
    if (to.equals(DataType.VARCHAR)) {
      return true;
    }
    if (IcebergTypes.isInteger(from)) {
      return IcebergTypes.isInteger(to) || to instanceof DataType.Decimal;
    }
    return (from.equals(DataType.FLOAT) && to.equals(DataType.DOUBLE))
        || (from.equals(DataType.DATE) && to.equals(DataType.TIMESTAMP))
        || ((from.equals(DataType.Simple.TIMESTAMP_S) || from.equals(DataType.Simple.TIMESTAMP_MS))
            && to.equals(DataType.TIMESTAMP))
        || (from instanceof DataType.Decimal a
            && to instanceof DataType.Decimal b
            && b.scale() >= a.scale());
  }

  /** What a text must look like, where the engine would round it. */
  private static Optional<String> pattern(DataType to) {
    if (IcebergTypes.isInteger(to)) {
      return Optional.of("^\\s*[+-]?\\d+\\s*$");
    }
    return to instanceof DataType.Decimal decimal
        ? Optional.of("^\\s*[+-]?\\d*(\\.\\d{0,%d}0*)?\\s*$".formatted(decimal.scale()))
        : Optional.empty();
  }
}
