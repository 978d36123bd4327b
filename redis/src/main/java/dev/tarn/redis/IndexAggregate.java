package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.redis.search.Indexes;
import dev.tarn.redis.search.NamedAggregate;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.Engine;
import dev.tarn.sql.ExprSql;
import java.util.ArrayList;
import java.util.List;

/**
 * An aggregate of the documents that a search index finds. Immutable.
 *
 * <p>Its rows are all there are, and of all documents: where the server cannot say so, running it
 * fails. Text is VARCHAR, counts BIGINT, other results DOUBLE; null is what has no value.
 */
public final class IndexAggregate {

  private final Indexes indexes;
  private final Engine engine;
  private final String index;
  private final String query;
  private final List<String> groups;

  IndexAggregate(Indexes indexes, Engine engine, String index, String query, List<String> groups) {
    this.indexes = indexes;
    this.engine = engine;
    this.index = index;
    this.query = query;
    this.groups = List.copyOf(groups);
  }

  /** A row for each set of values that these fields have; one row of all documents without. */
  public IndexAggregate groupBy(String... fields) {
    return new IndexAggregate(indexes, engine, index, query, List.of(fields));
  }

  /**
   * What is computed of each group: {@code count()}, and {@code count}, {@code countDistinct},
   * {@code sum}, {@code min}, {@code max} and {@code mean} of a field.
   *
   * @throws InvalidRequest for anything else
   */
  public Frame reduce(Expr... aggregates) {
    var names = new ArrayList<String>(groups);
    var calls = new ArrayList<AggregateCall>();
    for (Expr aggregate : aggregates) {
      names.add(ExprSql.nameOf(aggregate));
      calls.add(call(aggregate instanceof Expr.Alias alias ? alias.operand() : aggregate));
    }
    if (calls.isEmpty()) {
      throw new InvalidRequest("Cannot aggregate nothing. Name at least one aggregate.");
    }
    return Frame.of(
        new Plan.Scan(new NamedAggregate(indexes, index, query, groups, calls, names)), engine);
  }

  private static AggregateCall call(Expr expr) {
    if (expr instanceof Expr.Aggregate a && a.filter() == null && a.orderBy().isEmpty()) {
      if (a.function().equals("count") && a.arguments().isEmpty() && !a.distinct()) {
        return new AggregateCall(Function.COUNT_ALL, null);
      }
      if (a.arguments().size() == 1 && a.arguments().getFirst() instanceof Expr.Column column) {
        Function function = function(a);
        if (function != null) {
          return new AggregateCall(function, column.name());
        }
      }
    }
    throw new InvalidRequest(
        "Cannot compute %s by an index: only count, countDistinct, sum, min, max and mean of fields can be. Aggregate a frame of the keys."
            .formatted(ExprSql.nameOf(expr)));
  }

  private static @org.jspecify.annotations.Nullable Function function(Expr.Aggregate aggregate) {
    if (aggregate.distinct()) {
      return aggregate.function().equals("count") ? Function.COUNT_DISTINCT : null;
    }
    return switch (aggregate.function()) {
      case "count" -> Function.COUNT;
      case "sum" -> Function.SUM;
      case "min" -> Function.MIN;
      case "max" -> Function.MAX;
      case "avg", "mean" -> Function.AVG;
      default -> null;
    };
  }
}
