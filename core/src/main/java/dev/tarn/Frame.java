package dev.tarn;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Children;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.plan.PlanColumns;
import dev.tarn.plan.PlanText;
import dev.tarn.plan.Searches;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Sink;
import dev.tarn.spi.WriteResult;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lazy table: says which rows, and computes them when they are asked for, each time anew.
 * Immutable and safe to share between threads; owns nothing. Methods that build a frame return a
 * new one; nothing runs before {@code collect}, {@code stream}, {@code batches}, {@code show} or
 * {@code write}.
 *
 * <p>Column names are found without regard to case, and checked as the frame is built: a wrong one
 * is an {@link InvalidRequest} there. <b>Order:</b> filter, select, withColumns, drop, rename and
 * limit keep the order of their input; group, join, distinct and union promise none. Sort last.
 */
public final class Frame {

  private static final int SHOWN = 20;

  private final Plan plan;
  private final Engine engine;
  private final RunOptions options;

  private Frame(Plan plan, Engine engine, RunOptions options) {
    this.plan = Objects.requireNonNull(plan);
    this.engine = Objects.requireNonNull(engine);
    this.options = options;
  }

  /** A frame that runs on an engine; for rooms that make frames. */
  public static Frame of(Plan plan, Engine engine) {
    return new Frame(plan, engine, RunOptions.DEFAULT);
  }

  // ---- rows and columns

  /**
   * The rows for which the predicate is true. Conditions that a search index alone can tell, {@link
   * Columns#matches} and its siblings, go to the source.
   */
  public Frame filter(Expr predicate) {
    Searches found = Searches.of(predicate);
    check("filter by", found.conditions().stream().map(Expr.Search::column).toList());
    Plan searched = found.pushedInto(plan);
    return found
        .rest()
        .map(rest -> checked("filter by", new Plan.Filter(searched, rest), List.of(rest)))
        .orElseGet(() -> with(searched));
  }

  /** The rows for which an SQL predicate is true: {@code filter("amount BETWEEN 10 AND 20")}. */
  public Frame filter(String sqlPredicate) {
    return filter(new Expr.SqlText(sqlPredicate));
  }

  /**
   * These columns, in this order: column names and expressions. Where one is an aggregate, all must
   * be, and the frame is one row.
   */
  public Frame select(Object... columns) {
    Expr[] expressions = Columns.columns(columns);
    List<Expr.Alias> aliases = named(expressions);
    boolean aggregates = Arrays.stream(expressions).anyMatch(Frame::isAggregate);
    Plan next =
        aggregates ? new Plan.GroupBy(plan, List.of(), aliases) : new Plan.Project(plan, aliases);
    return checked("select", next, aliases);
  }

  /** All columns and these: one that has the name of a column takes its place. */
  public Frame withColumns(Expr... columns) {
    List<Expr.Alias> added = named(columns);
    var byName = new TreeMap<String, Expr.Alias>(String.CASE_INSENSITIVE_ORDER);
    added.forEach(alias -> byName.put(alias.name(), alias));
    var all = new ArrayList<Expr.Alias>();
    for (String name : columns()) {
      Expr.Alias replacement = byName.remove(name);
      all.add(replacement == null ? Columns.col(name).as(name) : replacement.operand().as(name));
    }
    added.stream().filter(alias -> byName.containsKey(alias.name())).forEach(all::add);
    return checked("compute", new Plan.Project(plan, all), added);
  }

  /** All columns but these. */
  public Frame drop(String... columns) {
    check("drop", List.of(columns));
    return project(PlanColumns.without(columns(), List.of(columns)), Function.identity());
  }

  /** One column under another name. */
  public Frame rename(String from, String to) {
    return rename(Map.of(from, to));
  }

  /** Columns under other names: new by old. */
  public Frame rename(Map<String, String> names) {
    check("rename", names.keySet());
    var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(names);
    return project(columns(), name -> byName.getOrDefault(name, name));
  }

  // ---- groups

  /** Groups of rows that have the same values in these columns or expressions. */
  public GroupedFrame groupBy(Object... keys) {
    List<Expr.Alias> aliases = named(Columns.columns(keys));
    check("group by", aliases);
    return new GroupedFrame(this, aliases);
  }

  /** One row of aggregates over all rows. */
  public Frame agg(Expr... aggregates) {
    return groupBy().agg(aggregates);
  }

  // ---- joins

  /** Pairs of rows that are equal in these columns of both frames, which then appear once. */
  public Frame join(Frame right, String... using) {
    return join(JoinKind.INNER, right, using);
  }

  /**
   * A join on columns that both frames have. Other columns of the right frame whose names the left
   * has too get {@code _right} at their end.
   */
  public Frame join(JoinKind kind, Frame right, String... using) {
    if (using.length == 0 && kind != JoinKind.CROSS) {
      throw new InvalidRequest("Cannot join: no columns to join on. Name some, or use crossJoin.");
    }
    check("join on", List.of(using));
    right.check("join on", List.of(using));
    return with(new Plan.Join(plan, right.plan, kind, List.of(using), null));
  }

  /** A join on a condition over {@code left("…")} and {@code right("…")}. */
  public Frame join(JoinKind kind, Frame right, Expr condition) {
    Children.walk(
        condition,
        expr -> {
          switch (expr) {
            case Expr.SideColumn c when c.side() == Expr.Side.LEFT ->
                check("join on", List.of(c.name()));
            case Expr.SideColumn c -> right.check("join on", List.of(c.name()));
            case Expr.Column c ->
                throw new InvalidRequest(
                    "Cannot join on column %s: it does not say of which frame. Use left(\"%s\") or right(\"%s\")."
                        .formatted(c.name(), c.name(), c.name()));
            case Expr.Search search -> throw Searches.misplaced(search);
            default -> {}
          }
        });
    Plan next = new Plan.Join(plan, right.plan, kind, List.of(), condition);
    return hasSqlText(List.of(condition)) ? validated(next) : with(next);
  }

  /** Every row with every row of the other frame. */
  public Frame crossJoin(Frame right) {
    return join(JoinKind.CROSS, right);
  }

  // ---- order, limits, duplicates

  /** Rows in the order of column names, expressions or sort keys; nulls last. */
  public Frame sort(Object... keys) {
    List<SortKey> sortKeys = SortKey.all(keys);
    List<Expr> expressions = sortKeys.stream().map(SortKey::expr).toList();
    return checked("sort by", new Plan.Sort(plan, sortKeys), expressions);
  }

  /** The first rows. */
  public Frame limit(long count) {
    return limit(count, 0);
  }

  /** Rows from an offset on. */
  public Frame limit(long count, long offset) {
    if (count < 0 || offset < 0) {
      throw new InvalidRequest(
          "Cannot limit to %d rows from %d: both must be 0 or more.".formatted(count, offset));
    }
    return with(new Plan.Limit(plan, count, offset));
  }

  /** Each row once; nulls are equal. */
  public Frame distinct() {
    return with(new Plan.Distinct(plan));
  }

  /** One row for each set of equal keys, whichever comes. */
  public Frame distinctOn(String... keys) {
    return distinctOn(List.of(keys));
  }

  /** One row for each set of equal keys: the first in an order. */
  public Frame distinctOn(List<String> keys, Object... orderBy) {
    check("take distinct on", keys);
    List<SortKey> order = SortKey.all(orderBy);
    List<Expr> expressions = order.stream().map(SortKey::expr).toList();
    var next = new Plan.DistinctOn(plan, keys.stream().<Expr>map(Columns::col).toList(), order);
    return checked("sort by", next, expressions);
  }

  // ---- shape

  /** The rows of this and other frames, duplicates too; columns by name, null where missing. */
  public Frame union(Frame... others) {
    var plans = new ArrayList<>(List.of(plan));
    Arrays.stream(others).forEach(other -> plans.add(other.plan));
    return with(new Plan.Union(plans));
  }

  /** A row for each element of a list column; rows with an empty list or null vanish. */
  public Frame unnest(String column) {
    check("unnest", List.of(column));
    return with(new Plan.Unnest(plan, column));
  }

  /**
   * A row for each of the columns, with its name and its value; the other columns are repeated.
   * Null values are kept.
   */
  public Frame unpivot(List<String> columns, String nameColumn, String valueColumn) {
    check("unpivot", columns);
    return with(new Plan.Unpivot(plan, columns, nameColumn, valueColumn));
  }

  /** So many rows, chosen at random. */
  public Frame sample(long rows) {
    return with(new Plan.Sample(plan, new Plan.SampleSize.Rows(rows), null));
  }

  /** About so many percent of the rows, each chosen by chance. */
  public Frame samplePercent(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new InvalidRequest("Cannot sample %s percent: it must be 0 to 100.".formatted(percent));
    }
    return with(new Plan.Sample(plan, new Plan.SampleSize.Percent(percent), null));
  }

  /** A row for each column: type, minimum, maximum, distinct values, quartiles, nulls. */
  public Frame describe() {
    return with(new Plan.Describe(plan));
  }

  /** An SQL query in which this frame is the table {@code this}. */
  public Frame sql(String text, @Nullable Object... parameters) {
    return with(
        engine.sql(
            text,
            Parameters.of(parameters),
            name -> name.equalsIgnoreCase("this") ? Optional.of(plan) : Optional.empty()));
  }

  // ---- what it is

  /** The names of its columns. */
  public List<String> columns() {
    return PlanColumns.of(plan);
  }

  /** Its columns with their types: the engine is asked, which takes about a millisecond. */
  public Schema schema() {
    return engine.schema(plan);
  }

  public Plan plan() {
    return plan;
  }

  public Engine engine() {
    return engine;
  }

  /** How it is run: {@link #timeout}. */
  public RunOptions options() {
    return options;
  }

  /** How it would be run, as text; see {@link QueryPlan}. */
  public String explain() {
    return engine.explain(plan, options).toString();
  }

  /** Runs it, drops the rows, and says how it went: rows and time by operator. */
  public String explainAnalyze() {
    return engine.explainAnalyze(plan, options).toString();
  }

  // ---- running it

  /** The same frame, run or explained for so long at most: {@code LimitExceeded}. */
  public Frame timeout(Duration limit) {
    return new Frame(plan, engine, options.timeout(limit));
  }

  /** All rows in memory. */
  public Rows collect() {
    try (Batches batches = batches(RunOptions.DEFAULT.batchRows())) {
      var all = new ArrayList<Batch>();
      batches.forEach(all::add);
      return new Rows(batches.schema(), all);
    }
  }

  /**
   * All rows as records: a component takes the column of its name, {@code totalAmount} also {@code
   * total_amount}.
   */
  public <T extends Record> List<T> collect(Class<T> type) {
    try (Stream<T> stream = stream(type)) {
      return stream.toList();
    }
  }

  /** The rows while they are computed, in bounded memory. Close the stream. */
  public Stream<Row> stream() {
    return batches(RunOptions.DEFAULT.batchRows()).stream()
        .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(i -> new Row(batch, i)));
  }

  /** The rows as records while they are computed, in bounded memory. Close the stream. */
  public <T extends Record> Stream<T> stream(Class<T> type) {
    Batches batches = batches(RunOptions.DEFAULT.batchRows());
    try {
      var mapper = new RecordMapper<>(type, batches.schema());
      return batches.stream()
          .flatMap(
              batch -> IntStream.range(0, batch.size()).mapToObj(row -> mapper.map(batch, row)));
    } catch (RuntimeException e) {
      batches.close();
      throw e;
    }
  }

  /** The rows in column batches of at most so many rows, while they are computed. Close it. */
  public Batches batches(int rows) {
    return new Batches(engine.run(plan, options.batchRows(rows)));
  }

  /** Prints the first 20 rows. */
  public void show() {
    show(SHOWN);
  }

  /** Prints the first rows. */
  @SuppressWarnings("SystemOut") // what show() is for
  public void show(int rows) {
    System.out.println(text(rows));
  }

  /** What {@link #show} prints. */
  public String text(int rows) {
    return TextTable.ofFirst(limit(rows + 1L).collect(), rows);
  }

  /** Writes the rows: a file, a folder, or what else a room offers. */
  public WriteResult write(Sink sink) {
    return sink.write(plan, engine, options);
  }

  /** The plan, one operation a line. */
  @Override
  public String toString() {
    return PlanText.of(plan);
  }

  // ---- checking

  Frame with(Plan next) {
    return new Frame(next, engine, options);
  }

  /** A frame of the plan, once its columns are known to be there. */
  Frame checked(String verb, Plan next, Collection<? extends Expr> expressions) {
    check(verb, expressions);
    return hasSqlText(expressions) ? validated(next) : with(next);
  }

  void check(String verb, Collection<? extends Expr> expressions) {
    for (Expr expression : expressions) {
      Children.walk(
          expression,
          e -> {
            if (e instanceof Expr.Column column) {
              check(verb, List.of(column.name()));
            }
          });
      Searches.requireNoneIn(expression);
    }
  }

  private void check(String verb, Iterable<String> names) {
    List<String> columns = columns();
    var known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(columns);
    for (String name : names) {
      if (!known.contains(name)) {
        throw UnknownColumn.of(verb, name, PlanText.sourceName(plan).orElse(""), columns);
      }
    }
  }

  /** SQL text is the engine's to check. */
  private Frame validated(Plan next) {
    var _ = engine.schema(next);
    return with(next);
  }

  private static boolean hasSqlText(Collection<? extends Expr> expressions) {
    return expressions.stream().anyMatch(e -> Children.anyMatch(e, x -> x instanceof Expr.SqlText));
  }

  private static boolean isAggregate(Expr expr) {
    return switch (expr) {
      case Expr.Aggregate a -> true;
      case Expr.Over o -> false;
      default -> expr.children().stream().anyMatch(Frame::isAggregate);
    };
  }

  /** Expressions with the names their columns get; each name once. */
  static List<Expr.Alias> named(Expr... expressions) {
    var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    var aliases = new ArrayList<Expr.Alias>();
    for (Expr expression : expressions) {
      Expr.Alias alias = expression.as(ExprSql.nameOf(expression));
      if (!names.add(alias.name())) {
        throw new InvalidRequest(
            "Cannot name two columns %s. Give one another name with as(…)."
                .formatted(alias.name()));
      }
      aliases.add(alias);
    }
    return aliases;
  }

  private Frame project(List<String> names, Function<String, String> naming) {
    Expr[] columns =
        names.stream().map(name -> Columns.col(name).as(naming.apply(name))).toArray(Expr[]::new);
    if (columns.length == 0) {
      throw new InvalidRequest("Cannot drop all columns: a frame needs one at least.");
    }
    return with(new Plan.Project(plan, named(columns)));
  }
}
