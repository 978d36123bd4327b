package dev.tarn.lake;

import static dev.tarn.Columns.count;

import dev.tarn.Columns;
import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Tally;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Tells two sets of rows apart, in whatever order they stand: the number of rows, and the sum of
 * their hashes. Comparable between versions of a dataset that have the same columns, and between
 * runs of the same version of the engine.
 */
public record RowChecksum(long rows, BigInteger sum) {

  static final RowChecksum NOTHING = new RowChecksum(0, BigInteger.ZERO);

  private static final String ROWS = "__tarn_rows";
  private static final String SUM = "__tarn_sum";

  /** Of the rows of a frame that has the columns. */
  static RowChecksum of(Frame frame, Schema columns) {
    return of(frame.agg(aggregates(columns)).collect().row(0));
  }

  /** Of the rows that a tally has counted by {@link #counted}. */
  static RowChecksum of(Tally tally) {
    return new RowChecksum(tally.rows(), tally.sum());
  }

  /** The same rows, each of which is counted when it is read. */
  static Plan counted(Plan rows, Schema columns, Tally tally) {
    return tally.counted(rows, hash(columns));
  }

  /** To be asked for together with others; read by {@link #of(Row)}. */
  static Expr[] aggregates(Schema columns) {
    return new Expr[] {count().as(ROWS), Columns.sum(hash(columns)).as(SUM)};
  }

  /**
   * 63 of the hash's 64 bits: the engine adds signed numbers in a third of the time that it takes
   * for unsigned ones.
   */
  private static Expr hash(Schema columns) {
    var bits = new Expr.Call("hash", values(columns));
    var upper = new Expr.Call("\">>\"", List.of(bits, new Expr.Literal(1)));
    return new Expr.Cast(upper, DataType.BIGINT, Expr.OnFailure.FAIL);
  }

  static RowChecksum of(Row row) {
    BigDecimal sum = row.decimal(SUM);
    return new RowChecksum(
        row.longValue(ROWS), sum == null ? BigInteger.ZERO : sum.toBigIntegerExact());
  }

  /** By id: columns that were moved do not change it. */
  private static List<Expr> values(Schema columns) {
    return columns.columns().stream()
        .sorted(Comparator.comparingInt(Types.NestedField::fieldId))
        .<Expr>map(column -> new Expr.Column(column.name()))
        .toList();
  }

  RowChecksum and(RowChecksum other) {
    return new RowChecksum(rows + other.rows, sum.add(other.sum));
  }

  /** The sum in hexadecimal digits, and the number of rows. */
  @Override
  public String toString() {
    return sum.toString(16) + "/" + rows;
  }
}
