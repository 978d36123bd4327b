package dev.tarn.duckdb;

import dev.tarn.expr.Children;
import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.Test;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a frame needs of its one source, where it says so itself: columns of the source, and rows
 * whose texts, whole numbers, dates and times compare with constants of the columns' own types. A
 * query for a key or two is spared the time that planning takes; every other is not understood
 * here.
 */
final class DirectNeed {

  private final Schema schema;
  private final Set<Integer> wanted = new TreeSet<>();
  private final List<Expr> filters = new ArrayList<>();

  private DirectNeed(Schema schema) {
    this.schema = schema;
  }

  /** The only source of a plan that does no more than filter it and choose columns, or null. */
  static @Nullable Source source(Plan plan) {
    return filtered(plan instanceof Plan.Project project ? project.input() : plan);
  }

  /** The only source of a plan that does no more than filter it, if that, or null. */
  static @Nullable Source filtered(Plan plan) {
    return switch (plan) {
      case Plan.Filter p -> filtered(p.input());
      case Plan.Scan p -> p.source();
      default -> null;
    };
  }

  /**
   * What is needed of it; null where only the engine can tell.
   *
   * @param source of this plan, as the query sees it
   */
  static Probe.@Nullable Need of(Plan plan, Source source) {
    try {
      return new DirectNeed(source.schema()).need(plan);
    } catch (NotUnderstood e) {
      return null;
    }
  }

  private Probe.Need need(Plan plan) {
    Plan rows = plan;
    if (plan instanceof Plan.Project project) {
      project.columns().forEach(column -> column(column.operand()));
      rows = project.input();
    } else {
      IntStream.range(0, schema.size()).forEach(wanted::add);
    }
    filters(rows);
    List<String> columns = wanted.stream().map(schema.names()::get).toList();
    return new Probe.Need(new ScanRequest(columns, filters, OptionalLong.empty()), List.of());
  }

  /**
   * The filters of a plan that only filters, which are true for the rows that it keeps and for no
   * other: of texts, and of whole numbers that are doubles as well.
   *
   * @throws NotUnderstood when one is not of this kind
   */
  static List<Expr> exactFilters(Plan rows, Schema schema) {
    var need = new DirectNeed(schema);
    need.filters(rows);
    need.filters.forEach(filter -> Children.walk(filter, DirectNeed::requireExact));
    return need.filters;
  }

  private static void requireExact(Expr expr) {
    if (expr instanceof Expr.Literal(Object value)) {
      boolean exact =
          switch (value) {
            case String text -> true;
            case Integer whole -> true;
            case Long whole -> ExactFilters.isExact(BigDecimal.valueOf(whole));
            case null, default -> false;
          };
      if (!exact) {
        throw new NotUnderstood();
      }
    }
  }

  private void filters(Plan rows) {
    if (rows instanceof Plan.Filter filter) {
      filters(filter.input());
      filter(filter.predicate());
    }
  }

  private int column(Expr expr) {
    int index = expr instanceof Expr.Column column ? schema.indexOf(column.name()) : -1;
    if (index < 0) {
      throw new NotUnderstood();
    }
    wanted.add(index);
    return index;
  }

  private void filter(Expr predicate) {
    switch (predicate) {
      case Expr.And and -> and.operands().forEach(this::filter);
      case Expr.Comparison comparison ->
          filters.add(compare(comparison.test(), comparison.left(), List.of(comparison.right())));
      case Expr.In in -> filters.add(compare(Test.EQ, in.operand(), in.values()));
      default -> throw new NotUnderstood();
    }
  }

  /** One of the values passes the test. */
  private Expr compare(Test test, Expr operand, List<Expr> values) {
    Field field = schema.fields().get(column(operand));
    var column = new Expr.Column(field.name());
    List<Expr> literals = values.stream().map(value -> literal(value, field.type())).toList();
    if (literals.isEmpty() || test == Test.SAME || test == Test.DIFFERENT) {
      throw new NotUnderstood();
    }
    return literals.size() == 1
        ? new Expr.Comparison(test, column, literals.getFirst())
        : new Expr.In(column, literals);
  }

  /** A constant as a value of the type, which it has without a cast or a loss. */
  private static Expr literal(Expr expr, DataType type) {
    Object value = expr instanceof Expr.Literal literal ? literal.value() : null;
    boolean whole = value instanceof Integer || value instanceof Long;
    long number = whole ? ((Number) Objects.requireNonNull(value)).longValue() : 0;
    if (type.equals(DataType.VARCHAR) && value instanceof String text && isClean(text)) {
      return expr;
    }
    if (type.equals(DataType.BIGINT) && whole) {
      return new Expr.Literal(number);
    }
    if (type.equals(DataType.INTEGER) && whole && number == (int) number) {
      return new Expr.Literal((int) number);
    }
    if (type.equals(DataType.DATE) && value instanceof LocalDate day && isCommon(day)) {
      return expr;
    }
    if (type.equals(DataType.TIMESTAMP)
        && value instanceof LocalDateTime time
        && isCommon(time.toLocalDate())
        && time.equals(time.truncatedTo(ChronoUnit.MICROS))) {
      return expr;
    }
    throw new NotUnderstood();
  }

  private static boolean isCommon(LocalDate day) {
    return day.getYear() > 0 && day.getYear() < 10_000;
  }

  /** Whether the engine is sure to get the same text. */
  private static boolean isClean(String text) {
    return text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }
}
