package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.plan.PlanColumns;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that its source may answer, where the frame says so itself: aggregates of columns,
 * by columns, of rows that {@link DirectNeed} understands; then maybe a filter, columns, an order
 * or a limit. Nothing is planned for it. Every other is not understood here, and looked for by
 * {@link Aggregates}, which means the same.
 */
final class DirectAggregate {

  private static final String RESULT = "__tarn_";

  private final Plan.GroupBy aggregate;
  private final Source source;
  private final Set<Field> groups = new LinkedHashSet<>();
  private final List<AggregateCall> calls = new ArrayList<>();
  private final List<Expr.Alias> firsts = new ArrayList<>();
  private final Aggregates.Asked asked;

  private DirectAggregate(Plan plan, Plan.GroupBy aggregate, Source source) {
    this.aggregate = aggregate;
    this.source = source;
    aggregate.keys().forEach(key -> groups.add(column(key.operand())));
    aggregate.aggregates().forEach(item -> firsts.add(first(call(item.operand())).as(item.name())));
    boolean taken =
        Stream.concat(source.schema().names().stream(), PlanColumns.of(aggregate).stream())
            .anyMatch(name -> name.regionMatches(true, 0, RESULT, 0, RESULT.length()));
    if (calls.isEmpty() || taken) {
      throw new NotUnderstood();
    }
    List<Expr> filters = DirectNeed.exactFilters(aggregate.input(), source.schema());
    List<String> names = groups.stream().map(Field::name).toList();
    this.asked =
        new Aggregates.Asked(
            new AggregateRequest(names, calls, filters, DirectTop.of(plan, this::column)),
            answer());
  }

  /**
   * The aggregate of a plan; null where it has none that is understood.
   *
   * @param pinned the source as the query sees it
   */
  static @Nullable DirectAggregate of(Plan plan, UnaryOperator<Source> pinned) {
    Plan.GroupBy aggregate = aggregate(plan);
    Source given = aggregate == null ? null : DirectNeed.filtered(aggregate.input());
    if (aggregate == null || given == null || !given.usesRequests()) {
      return null;
    }
    Source source = pinned.apply(given);
    try {
      return source.aggregates() ? new DirectAggregate(plan, aggregate, source) : null;
    } catch (NotUnderstood e) {
      return null;
    }
  }

  private static Plan.@Nullable GroupBy aggregate(Plan plan) {
    return switch (plan) {
      case Plan.GroupBy p -> p;
      case Plan.Filter p -> aggregate(p.input());
      case Plan.Project p -> aggregate(p.input());
      case Plan.Sort p -> aggregate(p.input());
      case Plan.Limit p -> aggregate(p.input());
      default -> null;
    };
  }

  private Field column(Expr expr) {
    Field field =
        expr instanceof Expr.Column column
            ? source.schema().field(column.name()).orElse(null)
            : null;
    if (field == null || !StubColumns.isOwn(field.type())) {
      throw new NotUnderstood();
    }
    return field;
  }

  /** The column of the answer that one of the aggregate's is, by name; below 0 for none. */
  private int column(String name) {
    for (Expr.Alias key : aggregate.keys()) {
      if (key.name().equalsIgnoreCase(name)) {
        return List.copyOf(groups).indexOf(column(key.operand()));
      }
    }
    for (Expr.Alias item : aggregate.aggregates()) {
      if (item.name().equalsIgnoreCase(name)) {
        return groups.size() + calls.indexOf(call(item.operand()));
      }
    }
    return -1;
  }

  private AggregateCall call(Expr expr) {
    if (!(expr instanceof Expr.Aggregate call)
        || call.filter() != null
        || !call.orderBy().isEmpty()
        || call.arguments().size() > 1) {
      throw new NotUnderstood();
    }
    Function named = AggregateSelect.function(call.function());
    if (call.arguments().isEmpty()) {
      if (named != Function.COUNT || call.distinct()) {
        throw new NotUnderstood();
      }
      return new AggregateCall(Function.COUNT_ALL, null);
    }
    if (named == null
        || named == Function.COUNT_ALL
        || (call.distinct() && named != Function.COUNT)) {
      throw new NotUnderstood();
    }
    return new AggregateCall(
        call.distinct() ? Function.COUNT_DISTINCT : named,
        column(call.arguments().getFirst()).name());
  }

  /** The only value that a group has in the answer. */
  private Expr first(AggregateCall call) {
    if (!calls.contains(call)) {
      calls.add(call);
    }
    return Expr.Aggregate.of("first", new Expr.Column(RESULT + calls.indexOf(call)));
  }

  /** The groups under their own names, then what is computed of them. */
  private Schema answer() {
    var fields = new ArrayList<>(groups);
    for (AggregateCall call : calls) {
      String column = call.column();
      DataType input = column == null ? null : source.schema().field(column).orElseThrow().type();
      DataType type = call.type(input);
      if (type == null) {
        throw new NotUnderstood();
      }
      fields.add(new Field(RESULT + calls.indexOf(call), type));
    }
    if (!fields.stream().allMatch(field -> RowScans.isWritten(field.type()))) {
      throw new NotUnderstood();
    }
    return new Schema(fields);
  }

  Source source() {
    return source;
  }

  Aggregates.Asked asked() {
    return asked;
  }

  /** The plan that it was found in, which reads the answer instead of the rows. */
  Plan reading(Plan plan, Source answer) {
    return switch (plan) {
      case Plan.Filter p -> new Plan.Filter(reading(p.input(), answer), p.predicate());
      case Plan.Project p -> new Plan.Project(reading(p.input(), answer), p.columns());
      case Plan.Sort p -> new Plan.Sort(reading(p.input(), answer), p.keys());
      case Plan.Limit p -> new Plan.Limit(reading(p.input(), answer), p.count(), p.offset());
      default -> new Plan.GroupBy(new Plan.Scan(answer), aggregate.keys(), firsts);
    };
  }
}
