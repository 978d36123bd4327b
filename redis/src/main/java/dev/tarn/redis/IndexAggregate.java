package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An aggregate of the documents that a search index finds. Immutable.
 *
 * <p>Its rows are all there are, and of all documents. The server computes them where its answer is
 * certain to be the engine's; else the rows that the index finds are read, and where it cannot be
 * known whether those are all, running it fails. {@link Frame#explain} tells which. Groups are
 * VARCHAR, counts BIGINT, other results DOUBLE; null is what has no value.
 */
public final class IndexAggregate {

  private static final Set<String> OF_NUMBERS = Set.of("sum", "min", "max", "avg", "mean", "count");

  private final Function<Schema, Frame> rows;
  private final List<String> groups;

  /**
   * @param rows that are found, with columns that are called as the index calls their fields
   */
  IndexAggregate(Function<Schema, Frame> rows, List<String> groups) {
    this.rows = rows;
    this.groups = List.copyOf(groups);
  }

  /** A row for each set of values that these fields have; one row of all documents without. */
  public IndexAggregate groupBy(String... fields) {
    return new IndexAggregate(rows, List.of(fields));
  }

  /**
   * What is computed of each group: {@code count()}, and {@code count}, {@code countDistinct},
   * {@code sum}, {@code min}, {@code max} and {@code mean} of a field, by the name that it has in
   * the index.
   *
   * @throws InvalidRequest for anything else, and when there is no such index
   */
  public Frame reduce(Expr... aggregates) {
    if (aggregates.length == 0) {
      throw new InvalidRequest("Cannot aggregate nothing. Name at least one aggregate.");
    }
    var columns = new LinkedHashMap<String, DataType>();
    groups.forEach(group -> columns.put(group, DataType.VARCHAR));
    for (Expr aggregate : aggregates) {
      addColumn(aggregate instanceof Expr.Alias alias ? alias.operand() : aggregate, columns);
    }
    Frame found =
        rows.apply(
            new Schema(
                columns.entrySet().stream()
                    .map(column -> new Field(column.getKey(), column.getValue()))
                    .toList()));
    return groups.isEmpty()
        ? found.agg(aggregates)
        : found.groupBy(groups.toArray()).agg(aggregates);
  }

  private static void addColumn(Expr expr, Map<String, DataType> columns) {
    if (expr instanceof Expr.Aggregate a && a.filter() == null && a.orderBy().isEmpty()) {
      if (a.arguments().isEmpty() && a.function().equals("count") && !a.distinct()) {
        return;
      }
      boolean distinct = a.distinct() && a.function().equals("count");
      boolean known = distinct || (!a.distinct() && OF_NUMBERS.contains(a.function()));
      if (known
          && a.arguments().size() == 1
          && a.arguments().getFirst() instanceof Expr.Column column) {
        columns.putIfAbsent(column.name(), distinct ? DataType.VARCHAR : DataType.DOUBLE);
        return;
      }
    }
    throw new InvalidRequest(
        "Cannot compute %s by an index: only count, countDistinct, sum, min, max and mean of fields can be. Aggregate a frame of the keys."
            .formatted(ExprSql.nameOf(expr)));
  }
}
