package dev.tarn.plan;

import static java.util.Objects.requireNonNull;

import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.spi.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A lazy query: a sealed tree of immutable records, each of which says what rows it yields from the
 * rows of the plans below it. {@link PlanColumns} knows the names of its columns.
 */
public sealed interface Plan {

  /** All rows of a source. */
  record Scan(Source source) implements Plan {
    public Scan {
      requireNonNull(source);
    }
  }

  /**
   * A query as SQL text, with literals where its parameters were.
   *
   * @param tables plans that the text names as tables
   * @param columns what the engine says its columns are named
   */
  record SqlQuery(String text, Map<String, Plan> tables, List<String> columns) implements Plan {
    public SqlQuery {
      tables = Map.copyOf(tables);
      columns = List.copyOf(columns);
    }
  }

  /** Only the rows for which the predicate is true. Order is kept. */
  record Filter(Plan input, Expr predicate) implements Plan {}

  /** One row of new columns for each row. Order is kept. */
  record Project(Plan input, List<Expr.Alias> columns) implements Plan {
    public Project {
      columns = List.copyOf(columns);
    }
  }

  /** One row for each set of equal keys (nulls are equal); one row in all when there is no key. */
  record GroupBy(Plan input, List<Expr.Alias> keys, List<Expr.Alias> aggregates) implements Plan {
    public GroupBy {
      keys = List.copyOf(keys);
      aggregates = List.copyOf(aggregates);
    }
  }

  /**
   * Pairs of rows.
   *
   * @param using columns of both sides that must be equal; they appear once
   * @param condition what else must be true; null when {@code using} says it all
   */
  record Join(Plan left, Plan right, JoinKind kind, List<String> using, @Nullable Expr condition)
      implements Plan {
    public Join {
      using = List.copyOf(using);
    }
  }

  /** Rows in an order. */
  record Sort(Plan input, List<SortKey> keys) implements Plan {
    public Sort {
      keys = List.copyOf(keys);
    }
  }

  record Limit(Plan input, long count, long offset) implements Plan {}

  /** Each row once. */
  record Distinct(Plan input) implements Plan {}

  /** One row for each set of equal keys: the first in the order, any where there is none. */
  record DistinctOn(Plan input, List<Expr> keys, List<SortKey> orderBy) implements Plan {
    public DistinctOn {
      keys = List.copyOf(keys);
      orderBy = List.copyOf(orderBy);
    }
  }

  /** The rows of all inputs, columns matched by name; missing ones are null. */
  record Union(List<Plan> inputs) implements Plan {
    public Union {
      inputs = List.copyOf(inputs);
    }
  }

  /** One row for each element of a list column; none for an empty list or null. */
  record Unnest(Plan input, String column) implements Plan {}

  /** A row for each of the columns: its name and its value. Nulls are kept. */
  record Unpivot(Plan input, List<String> columns, String nameColumn, String valueColumn)
      implements Plan {
    public Unpivot {
      columns = List.copyOf(columns);
    }
  }

  /** A random part of the rows. */
  record Sample(Plan input, SampleSize size, @Nullable Long seed) implements Plan {}

  /** How much a {@link Sample} takes. */
  sealed interface SampleSize {
    record Rows(long count) implements SampleSize {}

    record Percent(double percent) implements SampleSize {}
  }

  /** One row for each column: its type, minimum, maximum, distinct count, quartiles, nulls. */
  record Describe(Plan input) implements Plan {}

  /** The plans directly below, in order. */
  default List<Plan> inputs() {
    return switch (this) {
      case Scan p -> List.of();
      case SqlQuery p -> List.copyOf(p.tables().values());
      case Filter p -> List.of(p.input());
      case Project p -> List.of(p.input());
      case GroupBy p -> List.of(p.input());
      case Join p -> List.of(p.left(), p.right());
      case Sort p -> List.of(p.input());
      case Limit p -> List.of(p.input());
      case Distinct p -> List.of(p.input());
      case DistinctOn p -> List.of(p.input());
      case Union p -> p.inputs();
      case Unnest p -> List.of(p.input());
      case Unpivot p -> List.of(p.input());
      case Sample p -> List.of(p.input());
      case Describe p -> List.of(p.input());
    };
  }

  /** The same plan over other sources. */
  default Plan withSources(UnaryOperator<Source> change) {
    return switch (this) {
      case Scan p -> new Scan(change.apply(p.source()));
      case SqlQuery p -> {
        var tables = new HashMap<>(p.tables());
        tables.replaceAll((name, table) -> table.withSources(change));
        yield new SqlQuery(p.text(), tables, p.columns());
      }
      case Filter p -> new Filter(p.input().withSources(change), p.predicate());
      case Project p -> new Project(p.input().withSources(change), p.columns());
      case GroupBy p -> new GroupBy(p.input().withSources(change), p.keys(), p.aggregates());
      case Join p ->
          new Join(
              p.left().withSources(change),
              p.right().withSources(change),
              p.kind(),
              p.using(),
              p.condition());
      case Sort p -> new Sort(p.input().withSources(change), p.keys());
      case Limit p -> new Limit(p.input().withSources(change), p.count(), p.offset());
      case Distinct p -> new Distinct(p.input().withSources(change));
      case DistinctOn p -> new DistinctOn(p.input().withSources(change), p.keys(), p.orderBy());
      case Union p ->
          new Union(p.inputs().stream().map(input -> input.withSources(change)).toList());
      case Unnest p -> new Unnest(p.input().withSources(change), p.column());
      case Unpivot p ->
          new Unpivot(p.input().withSources(change), p.columns(), p.nameColumn(), p.valueColumn());
      case Sample p -> new Sample(p.input().withSources(change), p.size(), p.seed());
      case Describe p -> new Describe(p.input().withSources(change));
    };
  }
}
