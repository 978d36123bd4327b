package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.sum;
import static dev.tarn.Columns.when;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expressions;

/** What has changed between two versions: the rows of files that only one of them has, netted. */
public final class Changes {

  /** The column that says what became of a row; VARCHAR. */
  public static final String TYPE = "_change";

  private static final String COUNT = "__tarn_count";

  private Changes() {}

  static Frame between(Dataset dataset, Snapshot from, Snapshot to) {
    Set<String> before = paths(dataset, from);
    Set<String> after = paths(dataset, to);
    // Both under the columns of today: a column that was added has no value before.
    Frame removed = rows(dataset, from, without(before, after));
    Frame added = rows(dataset, to, without(after, before));
    List<String> columns = added.columns();
    Frame netted =
        added
            .withColumns(lit(1).as(COUNT))
            .union(removed.withColumns(lit(-1).as(COUNT)))
            .groupBy(columns.toArray())
            .agg(sum(COUNT).as(COUNT))
            .filter(col(COUNT).ne(0));
    var all = new ArrayList<Object>(List.of(TYPE));
    all.addAll(columns);
    return netted
        .withColumns(
            when(col(COUNT).gt(0)).then("insert").otherwise("delete").as(TYPE),
            new Expr.Call("range", List.of(col(COUNT).abs().cast(DataType.BIGINT))).as(COUNT))
        .unnest(COUNT)
        .select(all.toArray());
  }

  private static Set<String> without(Set<String> some, Set<String> others) {
    var rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private static Set<String> paths(Dataset dataset, Snapshot snapshot) {
    var paths = new TreeSet<String>();
    dataset
        .lake()
        .planner()
        .plan(dataset.table(), snapshot, Expressions.alwaysTrue())
        .files()
        .forEach(file -> paths.add(file.file().location()));
    return paths;
  }

  private static Frame rows(Dataset dataset, Snapshot snapshot, Set<String> paths) {
    return Frame.of(new Plan.Scan(dataset.current(snapshot).only(paths)), dataset.engine());
  }
}
