package dev.tarn.duckdb;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Tally;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/**
 * Tallies as a function of DuckDB that is always true. One function serves all, by number: the
 * driver cannot take a function back once it is registered. It is volatile, so that DuckDB calls it
 * for each row, equal as they may be.
 */
final class Tallies {

  private static final String FUNCTION = "tarn_tally";
  private static final String COLUMN = "__tarn_counted";
  private static final long LOW = 0xffff_ffffL;

  private final Engine engine;
  private final Map<Long, Sum> open = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  Tallies(Engine engine) {
    this.engine = engine;
  }

  void register(Connection connection) throws SQLException {
    DuckDBFunctions.scalarFunction()
        .withName(FUNCTION)
        .withParameters(DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT)
        .withReturnType(DuckDBColumnType.BOOLEAN)
        .withVolatile()
        .withVectorizedFunction(this::count)
        .register(connection);
  }

  Tally open() {
    var sum = new Sum(numbers.incrementAndGet());
    open.put(sum.number, sum);
    return sum;
  }

  private void count(DuckDBDataChunkReader input, DuckDBWritableVector output) {
    long rows = input.rowCount();
    if (rows == 0) {
      return;
    }
    DuckDBReadableVector values = input.vector(1);
    long high = 0;
    long low = 0;
    for (long row = 0; row < rows; row++) {
      long value = values.getLong(row);
      high += value >> 32;
      low += value & LOW;
      output.setBoolean(row, true);
    }
    Sum sum = open.get(input.vector(0).getLong(0));
    if (sum == null) {
      throw new IllegalStateException("The tally was closed.");
    }
    sum.add(rows, BigInteger.valueOf(high).shiftLeft(32).add(BigInteger.valueOf(low)));
  }

  private final class Sum implements Tally {
    private final long number;
    private long rows;
    private BigInteger sum = BigInteger.ZERO;

    Sum(long number) {
      this.number = number;
    }

    /** A filter alone could be asked before others below it, for rows that do not pass them. */
    @Override
    public Plan counted(Plan rows, Expr value) {
      var counts = new Expr.Call(FUNCTION, List.of(new Expr.Literal(number), value));
      return Frame.of(rows, engine)
          .withColumns(counts.as(COLUMN))
          .filter(new Expr.Column(COLUMN))
          .drop(COLUMN)
          .plan();
    }

    synchronized void add(long moreRows, BigInteger more) {
      rows += moreRows;
      sum = sum.add(more);
    }

    @Override
    public synchronized long rows() {
      return rows;
    }

    @Override
    public synchronized BigInteger sum() {
      return sum;
    }

    @Override
    public void close() {
      open.remove(number);
    }
  }
}
