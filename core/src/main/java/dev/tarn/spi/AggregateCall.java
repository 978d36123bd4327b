package dev.tarn.spi;

import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate of one column, over the rows of a group. Nulls are passed over; of no values all but
 * the counts are null.
 *
 * @param column what it is computed of; null for {@link Function#COUNT_ALL} alone
 */
public record AggregateCall(Function function, @Nullable String column) {

  /** What is computed. */
  public enum Function {
    /** Rows. */
    COUNT_ALL("count(*)"),
    /** Rows that have a value. */
    COUNT("count"),
    COUNT_DISTINCT("count(distinct)"),
    SUM("sum"),
    MIN("min"),
    MAX("max"),
    AVG("avg");

    private final String text;

    Function(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public AggregateCall {
    if ((column == null) != (function == Function.COUNT_ALL)) {
      throw new InvalidRequest(
          "Cannot compute %s of %s: only count(*) has no column.".formatted(function, column));
    }
  }

  /**
   * The type of the result; null where nobody but the engine knows it.
   *
   * @param input the type of the column
   */
  public @Nullable DataType type(@Nullable DataType input) {
    return switch (function) {
      case COUNT_ALL, COUNT, COUNT_DISTINCT -> DataType.BIGINT;
      case MIN, MAX -> input;
      case SUM -> isWhole(input) ? DataType.HUGEINT : DataType.DOUBLE.equals(input) ? input : null;
      case AVG -> isWhole(input) || DataType.DOUBLE.equals(input) ? DataType.DOUBLE : null;
    };
  }

  /** Whether it is one of the signed integers of up to 64 bits. */
  private static boolean isWhole(@Nullable DataType type) {
    return DataType.TINYINT.equals(type)
        || DataType.SMALLINT.equals(type)
        || DataType.INTEGER.equals(type)
        || DataType.BIGINT.equals(type);
  }

  @Override
  public String toString() {
    return switch (function) {
      case COUNT_ALL -> "count(*)";
      case COUNT_DISTINCT -> "count(distinct " + column + ")";
      case COUNT, SUM, MIN, MAX, AVG -> function + "(" + column + ")";
    };
  }
}
