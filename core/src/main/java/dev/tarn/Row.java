package dev.tarn;

import dev.tarn.error.BadData;
import dev.tarn.error.UnknownColumn;
import dev.tarn.spi.Batch;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result: a view that costs nothing to make. Immutable.
 *
 * <table>
 * <caption>What a value is in Java</caption>
 * <tr><th>type</th><th>object</th></tr>
 * <tr><td>BOOLEAN</td><td>Boolean</td></tr>
 * <tr><td>TINYINT, SMALLINT, INTEGER, UTINYINT, USMALLINT</td><td>Integer</td></tr>
 * <tr><td>BIGINT, UINTEGER</td><td>Long</td></tr>
 * <tr><td>HUGEINT, UHUGEINT, UBIGINT</td><td>BigInteger</td></tr>
 * <tr><td>FLOAT; DOUBLE; DECIMAL</td><td>Float; Double; BigDecimal</td></tr>
 * <tr><td>VARCHAR, ENUM, JSON, BIT, INTERVAL</td><td>String</td></tr>
 * <tr><td>BLOB; UUID</td><td>byte[]; UUID</td></tr>
 * <tr><td>DATE; TIME; TIME WITH TIME ZONE</td><td>LocalDate; LocalTime; OffsetTime</td></tr>
 * <tr><td>TIMESTAMP, whatever its unit</td><td>LocalDateTime</td></tr>
 * <tr><td>TIMESTAMP WITH TIME ZONE</td><td>OffsetDateTime in UTC</td></tr>
 * <tr><td>a list or array; a struct; a map</td><td>List; Map by member name; Map</td></tr>
 * </table>
 */
public final class Row {

  private final Batch batch;
  private final int index;

  Row(Batch batch, int index) {
    this.batch = batch;
    this.index = index;
  }

  public Schema schema() {
    return batch.schema();
  }

  /** The value at a position from 0; null where it is null. */
  public @Nullable Object value(int column) {
    return batch.value(index, column);
  }

  /** The value of a column; null where it is null. */
  public @Nullable Object value(String column) {
    return value(indexOf(column));
  }

  public boolean isNull(String column) {
    return batch.vector(indexOf(column)).isNull(index);
  }

  public @Nullable String text(String column) {
    Object value = value(column);
    return value == null ? null : value.toString();
  }

  /** A whole number. A null has none: it is {@link BadData}; ask {@link #isNull} first. */
  public long longValue(String column) {
    Number number = number(column);
    return switch (number) {
      case BigInteger n -> exact(column, n);
      case BigDecimal n -> exact(column, n.toBigInteger());
      default -> number.longValue();
    };
  }

  /** A whole number of 32 bits; one that does not fit is {@link BadData}. */
  public int intValue(String column) {
    long value = longValue(column);
    if (value != (int) value) {
      throw new BadData(
          "Cannot read column %s: %d does not fit an int. Use longValue.".formatted(column, value));
    }
    return (int) value;
  }

  public double doubleValue(String column) {
    return number(column).doubleValue();
  }

  public boolean booleanValue(String column) {
    return as(column, Boolean.class);
  }

  /** A number, exactly. */
  public @Nullable BigDecimal decimal(String column) {
    Object value = value(column);
    return value == null ? null : RowValues.convert(value, BigDecimal.class, column);
  }

  public @Nullable LocalDate date(String column) {
    Object value = value(column);
    return value == null ? null : RowValues.convert(value, LocalDate.class, column);
  }

  public @Nullable LocalDateTime timestamp(String column) {
    Object value = value(column);
    return value == null ? null : RowValues.convert(value, LocalDateTime.class, column);
  }

  public @Nullable Instant instant(String column) {
    Object value = value(column);
    return value == null ? null : RowValues.convert(value, Instant.class, column);
  }

  /** The elements of a list column. */
  public @Nullable List<?> list(String column) {
    return (List<?>) value(column);
  }

  /**
   * A value as another class, where that loses nothing.
   *
   * @throws BadData when it is null or does not fit
   */
  public <T> T as(String column, Class<T> type) {
    Object value = value(column);
    if (value == null) {
      throw new BadData(
          "Cannot read column %s as %s: it is null. Ask isNull first, or use coalesce."
              .formatted(column, type.getSimpleName()));
    }
    return RowValues.convert(value, type, column);
  }

  /** The values by column name, in order. */
  public Map<String, @Nullable Object> toMap() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    List<Field> fields = schema().fields();
    for (int i = 0; i < fields.size(); i++) {
      map.put(fields.get(i).name(), value(i));
    }
    return map;
  }

  /** Rows are equal when names and values are, whatever batch they are from. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && toMap().equals(row.toMap());
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(toMap());
  }

  @Override
  public String toString() {
    return toMap().toString();
  }

  private int indexOf(String column) {
    int found = schema().indexOf(column);
    if (found < 0) {
      throw UnknownColumn.of("read", column, "the row", schema().names());
    }
    return found;
  }

  private Number number(String column) {
    Object value = value(column);
    if (value instanceof Number number) {
      return number;
    }
    throw new BadData(
        "Cannot read column %s as a number: it is %s. %s"
            .formatted(
                column,
                value == null ? "null" : schema().fields().get(indexOf(column)).type(),
                value == null ? "Ask isNull first, or use coalesce." : "Cast it."));
  }

  private static long exact(String column, BigInteger value) {
    if (value.bitLength() > 63) {
      throw new BadData(
          "Cannot read column %s: %s does not fit a long. Use as(column, BigInteger.class)."
              .formatted(column, value));
    }
    return value.longValue();
  }
}
