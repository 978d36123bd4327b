package dev.tarn.spi;

import dev.tarn.expr.Expr;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a query computes of a source's rows, and nothing else of it.
 *
 * @param groups names of the columns whose equal values make a group, nulls equal to each other;
 *     empty for one group of all rows, which is there even without rows
 * @param calls what is computed of each group
 * @param filters what is true for the rows that are counted, and for no other. Nobody checks them
 *     again: a source that cannot take them exactly must decline
 * @param top which groups are needed; null for all. The query orders and cuts off what it is given,
 *     so a source may answer more of them, or all
 */
public record AggregateRequest(
    List<String> groups, List<AggregateCall> calls, List<Expr> filters, @Nullable TopGroups top) {

  public AggregateRequest {
    groups = List.copyOf(groups);
    calls = List.copyOf(calls);
    filters = List.copyOf(filters);
  }

  /** The groups, then what is computed of them. */
  @Override
  public String toString() {
    return Stream.concat(groups.stream(), calls.stream().map(AggregateCall::toString))
        .collect(Collectors.joining(", "));
  }
}
