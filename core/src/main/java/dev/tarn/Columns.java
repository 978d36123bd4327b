package dev.tarn;

import dev.tarn.expr.Bound;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SearchCondition;
import dev.tarn.expr.SortKey;
import dev.tarn.expr.Window;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words that expressions are built from; meant to be imported whole: {@code import static
 * dev.tarn.Columns.*}. Where an argument is an {@code Object}, a text is the name of a column, an
 * expression is itself, and anything else a constant.
 */
public final class Columns {

  private Columns() {}

  // ---- columns and constants

  public static Expr.Column col(String name) {
    return new Expr.Column(name);
  }

  /** A constant: null, a boolean, number, text, date or time, bytes, UUID, or a list of those. */
  public static Expr lit(@Nullable Object value) {
    return Expr.of(value);
  }

  /** An expression in the engine's SQL, taken as it is: never put a value from outside into it. */
  public static Expr sql(String text) {
    return new Expr.SqlText(text);
  }

  /** A column of the left frame, in a join's condition. */
  public static Expr left(String name) {
    return new Expr.SideColumn(Expr.Side.LEFT, name);
  }

  /** A column of the right frame, in a join's condition. */
  public static Expr right(String name) {
    return new Expr.SideColumn(Expr.Side.RIGHT, name);
  }

  /** Starts a conditional: {@code when(a).then(x).when(b).then(y).otherwise(z)}. */
  public static Expr.When when(Expr condition) {
    return new Expr.When(List.of(), condition);
  }

  public static Expr not(Expr condition) {
    return new Expr.Not(condition);
  }

  /** The first of the values that is not null. */
  public static Expr coalesce(Object... values) {
    return new Expr.Call("coalesce", List.of(columns(values)));
  }

  public static Expr greatest(Object... values) {
    return new Expr.Call("greatest", List.of(columns(values)));
  }

  public static Expr least(Object... values) {
    return new Expr.Call("least", List.of(columns(values)));
  }

  /** A scalar function of the engine by its name. */
  public static Expr call(String function, Object... arguments) {
    return new Expr.Call(function, List.of(columns(arguments)));
  }

  public static Expr list(Object... elements) {
    return new Expr.ListOf(List.of(columns(elements)));
  }

  /** A struct of columns and named expressions. */
  public static Expr struct(Object... members) {
    return new Expr.StructOf(
        Arrays.stream(members)
            .map(member -> column(member))
            .map(member -> member.as(dev.tarn.sql.ExprSql.nameOf(member)))
            .toList());
  }

  // ---- what a search index tells

  /**
   * True where all words of a text occur in a column, as a full-text index sees words: without
   * regard to case, in other forms of the same word too, and without those that it leaves out
   * ({@code the}, {@code of}). Words between double quotes must stand one behind the other.
   *
   * <p>This and its two siblings are told by an index alone, and the engine cannot check them. They
   * stand in {@link Frame#filter}, by themselves or under AND, of a frame whose columns are those
   * of Redis hashes or JSON documents: filtered, sorted, renamed, with others computed, but not yet
   * limited, joined, grouped or in SQL. Where no index can tell, the query fails.
   *
   * @param words as people type them; nothing in them is syntax but the quotes
   */
  public static Expr matches(String column, String words) {
    return new Expr.Search(col(column), new SearchCondition.Words(words));
  }

  /**
   * True where the place in a column, {@code longitude,latitude}, is not farther than some metres
   * from another. Told by an index, see {@link #matches}.
   */
  public static Expr within(String column, double longitude, double latitude, double metres) {
    return new Expr.Search(col(column), new SearchCondition.Near(longitude, latitude, metres));
  }

  /**
   * True for so many rows of the frame whose vector in a column is nearest to another, as the index
   * measures. Told by an index, see {@link #matches}. It is asked of all rows, or of those that an
   * earlier filter by {@code matches} or {@code within} has left, so other filters come after it.
   */
  public static Expr nearest(String column, float[] vector, int count) {
    var numbers = new ArrayList<Float>(vector.length);
    for (float number : vector) {
      numbers.add(number);
    }
    return new Expr.Search(col(column), new SearchCondition.Nearest(numbers, count));
  }

  // ---- aggregates

  /** How many rows there are. */
  public static Expr.Aggregate count() {
    return Expr.Aggregate.of("count");
  }

  /** How many values are not null. */
  public static Expr.Aggregate count(Object value) {
    return Expr.Aggregate.of("count", column(value));
  }

  /** How many different values there are, null not counted. Exact. */
  public static Expr.Aggregate countDistinct(Object value) {
    return count(value).onlyDistinct();
  }

  /** About how many different values there are (HyperLogLog), at a fraction of the memory. */
  public static Expr.Aggregate approxCountDistinct(Object value) {
    return Expr.Aggregate.of("approx_count_distinct", column(value));
  }

  /** The sum of the values that are not null; null when there are none. */
  public static Expr.Aggregate sum(Object value) {
    return Expr.Aggregate.of("sum", column(value));
  }

  /** The arithmetic mean of the values that are not null; null when there are none. */
  public static Expr.Aggregate mean(Object value) {
    return Expr.Aggregate.of("avg", column(value));
  }

  public static Expr.Aggregate min(Object value) {
    return Expr.Aggregate.of("min", column(value));
  }

  public static Expr.Aggregate max(Object value) {
    return Expr.Aggregate.of("max", column(value));
  }

  public static Expr.Aggregate median(Object value) {
    return Expr.Aggregate.of("median", column(value));
  }

  /** The most frequent value. */
  public static Expr.Aggregate mode(Object value) {
    return Expr.Aggregate.of("mode", column(value));
  }

  /**
   * The exact quantile, interpolated between neighbours. Holds all values of a group in memory.
   *
   * @param fraction 0 to 1; 0.5 is the median
   */
  public static Expr.Aggregate quantile(Object value, double fraction) {
    return Expr.Aggregate.of("quantile_cont", column(value), lit(fraction));
  }

  /** About the quantile (T-Digest), in little memory. */
  public static Expr.Aggregate approxQuantile(Object value, double fraction) {
    return Expr.Aggregate.of("approx_quantile", column(value), lit(fraction));
  }

  /** Standard deviation of a sample. */
  public static Expr.Aggregate stddev(Object value) {
    return Expr.Aggregate.of("stddev_samp", column(value));
  }

  /** Variance of a sample. */
  public static Expr.Aggregate variance(Object value) {
    return Expr.Aggregate.of("var_samp", column(value));
  }

  public static Expr.Aggregate corr(Object y, Object x) {
    return Expr.Aggregate.of("corr", column(y), column(x));
  }

  /** The first value in the order said by {@code orderedBy}, null included. */
  public static Expr.Aggregate first(Object value) {
    return Expr.Aggregate.of("first", column(value));
  }

  /** The last value in the order said by {@code orderedBy}, null included. */
  public static Expr.Aggregate last(Object value) {
    return Expr.Aggregate.of("last", column(value));
  }

  /** The value in the row where another is least. */
  public static Expr.Aggregate minBy(Object value, Object by) {
    return Expr.Aggregate.of("arg_min", column(value), column(by));
  }

  /** The value in the row where another is greatest. */
  public static Expr.Aggregate maxBy(Object value, Object by) {
    return Expr.Aggregate.of("arg_max", column(value), column(by));
  }

  /** All values as a list, null included. */
  public static Expr.Aggregate listOf(Object value) {
    return Expr.Aggregate.of("list", column(value));
  }

  /** All texts that are not null, one after another. */
  public static Expr.Aggregate joinText(Object value, String separator) {
    return Expr.Aggregate.of("string_agg", column(value), lit(separator));
  }

  /** Whether one value is true; null when all are. */
  public static Expr.Aggregate any(Object value) {
    return Expr.Aggregate.of("bool_or", column(value));
  }

  /** Whether all values that are not null are true. */
  public static Expr.Aggregate all(Object value) {
    return Expr.Aggregate.of("bool_and", column(value));
  }

  /** An aggregate function of the engine by its name. */
  public static Expr.Aggregate aggregate(String function, Object... arguments) {
    return new Expr.Aggregate(function, List.of(columns(arguments)), false, null, List.of());
  }

  // ---- windows

  /** 1, 2, 3 … in the order of the window. */
  public static Expr rowNumber() {
    return call("row_number");
  }

  /** Rank with gaps: 1, 2, 2, 4. */
  public static Expr rank() {
    return call("rank");
  }

  /** Rank without gaps: 1, 2, 2, 3. */
  public static Expr denseRank() {
    return call("dense_rank");
  }

  /** (rank - 1) / (rows - 1). */
  public static Expr percentRank() {
    return call("percent_rank");
  }

  /** The part of rows that come no later. */
  public static Expr cumeDist() {
    return call("cume_dist");
  }

  /** Buckets of about equal size, numbered from 1. */
  public static Expr ntile(int buckets) {
    return call("ntile", buckets);
  }

  /** The value so many rows before; null where there is none. */
  public static Expr lag(Object value, int rows) {
    return call("lag", column(value), rows);
  }

  /** The value so many rows after; null where there is none. */
  public static Expr lead(Object value, int rows) {
    return call("lead", column(value), rows);
  }

  public static Expr firstValue(Object value) {
    return call("first_value", column(value));
  }

  public static Expr lastValue(Object value) {
    return call("last_value", column(value));
  }

  /** The value of the n-th row of the frame, from 1. */
  public static Expr nthValue(Object value, int n) {
    return call("nth_value", column(value), n);
  }

  /** A window of the rows that have the same values as the current one. */
  public static Window partitionBy(Object... keys) {
    return new Window(List.of(columns(keys)), List.of(), null);
  }

  /** A window of all rows in an order: column names, expressions or sort keys. */
  public static Window orderBy(Object... keys) {
    return new Window(List.of(), SortKey.all(keys), null);
  }

  /** A window of all rows in no order. */
  public static Window allRows() {
    return new Window(List.of(), List.of(), null);
  }

  public static Bound currentRow() {
    return new Bound.CurrentRow();
  }

  public static Bound unboundedPreceding() {
    return new Bound.UnboundedPreceding();
  }

  public static Bound unboundedFollowing() {
    return new Bound.UnboundedFollowing();
  }

  /** So many rows or groups before, or a distance of the sort key. */
  public static Bound preceding(Object distance) {
    return new Bound.Preceding(Expr.of(distance));
  }

  public static Bound following(Object distance) {
    return new Bound.Following(Expr.of(distance));
  }

  // ---- order

  public static SortKey asc(Object key) {
    return SortKey.of(key);
  }

  /** Greatest first; nulls last. */
  public static SortKey desc(Object key) {
    SortKey sortKey = SortKey.of(key);
    return new SortKey(sortKey.expr(), SortKey.Direction.DESC, sortKey.nulls());
  }

  // ---- time

  public static Expr.Interval months(long months) {
    return new Expr.Interval(months, 0, 0);
  }

  public static Expr.Interval days(long days) {
    return new Expr.Interval(0, days, 0);
  }

  public static Expr.Interval hours(long hours) {
    return new Expr.Interval(0, 0, Math.multiplyExact(hours, 3_600_000_000L));
  }

  public static Expr.Interval minutes(long minutes) {
    return new Expr.Interval(0, 0, Math.multiplyExact(minutes, 60_000_000L));
  }

  public static Expr.Interval seconds(long seconds) {
    return new Expr.Interval(0, 0, Math.multiplyExact(seconds, 1_000_000L));
  }

  // ---- sizes

  /** So many megabytes (10⁶ bytes), in bytes. */
  public static long megabytes(long megabytes) {
    return Math.multiplyExact(megabytes, 1_000_000L);
  }

  /** So many gigabytes (10⁹ bytes), in bytes. */
  public static long gigabytes(long gigabytes) {
    return Math.multiplyExact(gigabytes, 1_000_000_000L);
  }

  /** A value of a type, where only its type matters: {@code nullOf(DATE)}. */
  public static Expr nullOf(DataType type) {
    return lit(null).cast(type);
  }

  static Expr column(Object value) {
    return value instanceof String name ? col(name) : Expr.of(value);
  }

  static Expr[] columns(Object... values) {
    return Arrays.stream(values).map(Columns::column).toArray(Expr[]::new);
  }
}
