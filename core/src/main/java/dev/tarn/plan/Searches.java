package dev.tarn.plan;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Children;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SearchCondition;
import dev.tarn.expr.SortKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A predicate in two parts.
 *
 * @param conditions what a search index alone can tell
 * @param rest what the engine can; empty for nothing
 */
public record Searches(List<Expr.Search> conditions, Optional<Expr> rest) {

  public Searches {
    conditions = List.copyOf(conditions);
  }

  /** The parts of a predicate. Both must be true. */
  public static Searches of(Expr predicate) {
    var searches = new ArrayList<Expr.Search>();
    var others = new ArrayList<Expr>();
    split(predicate, searches, others);
    if (searches.isEmpty()) {
      return new Searches(List.of(), Optional.of(predicate));
    }
    Optional<Expr> rest =
        others.size() > 1 ? Optional.of(new Expr.And(others)) : others.stream().findFirst();
    return new Searches(searches, rest);
  }

  private static void split(Expr predicate, List<Expr.Search> searches, List<Expr> others) {
    switch (predicate) {
      case Expr.And(List<Expr> operands) -> operands.forEach(e -> split(e, searches, others));
      case Expr.Search search -> searches.add(search);
      default -> others.add(predicate);
    }
  }

  /**
   * Fails where an expression needs what the engine cannot compute.
   *
   * @throws InvalidRequest says where such a condition may stand
   */
  public static void requireNoneIn(Expr expression) {
    Children.walk(
        expression,
        e -> {
          if (e instanceof Expr.Search search) {
            throw misplaced(search);
          }
        });
  }

  /** The error for a condition that stands where the engine would have to compute it. */
  public static InvalidRequest misplaced(Expr.Search search) {
    return new InvalidRequest(
        "Cannot compute %s: an index tells it, and the engine cannot. Put it into a filter(…) by itself or under AND, not under OR, NOT or another expression."
            .formatted(search));
  }

  /**
   * A plan whose source knows the conditions.
   *
   * @throws InvalidRequest where a step lies between that has other rows, or where the source has
   *     no index
   */
  public Plan pushedInto(Plan plan) {
    return conditions.isEmpty() ? plan : pushed(plan, conditions);
  }

  private static Plan pushed(Plan plan, List<Expr.Search> searches) {
    return switch (plan) {
      case Plan.Scan scan -> new Plan.Scan(scan.source().searching(searches));
      case Plan.Filter filter -> {
        requireNoNearest(searches);
        requireOwnRows(List.of(filter.predicate()), false, searches);
        yield new Plan.Filter(pushed(filter.input(), searches), filter.predicate());
      }
      case Plan.Sort sort -> {
        requireOwnRows(sort.keys().stream().map(SortKey::expr).toList(), true, searches);
        yield new Plan.Sort(pushed(sort.input(), searches), sort.keys());
      }
      case Plan.Project project -> {
        requireOwnRows(project.columns(), true, searches);
        List<Expr.Search> below = searches.stream().map(s -> below(project, s)).toList();
        yield new Plan.Project(pushed(project.input(), below), project.columns());
      }
      default ->
          throw refused(
              searches.getFirst(),
              "\"%s\" stands between the filter and the source"
                  .formatted(PlanText.of(plan).lines().findFirst().orElse("")),
              "Filter before it.");
    };
  }

  private static void requireNoNearest(List<Expr.Search> searches) {
    for (Expr.Search search : searches) {
      if (search.condition() instanceof SearchCondition.Nearest) {
        throw refused(
            search,
            "the index would find the nearest of all rows, and not of those that an earlier filter left",
            "Filter by it first.");
      }
    }
  }

  /** Values that are made of several rows would be others if there were fewer. */
  private static void requireOwnRows(
      Collection<? extends Expr> expressions, boolean maybeInText, List<Expr.Search> searches) {
    for (Expr expression : expressions) {
      if (Children.anyMatch(
          expression, e -> e instanceof Expr.Over || (maybeInText && e instanceof Expr.SqlText))) {
        throw refused(
            searches.getFirst(),
            "a window, or SQL text that may have one, stands between the filter and the source",
            "Filter before it.");
      }
    }
  }

  /** The condition on the column that has the name below. */
  private static Expr.Search below(Plan.Project project, Expr.Search search) {
    String name = search.column().name();
    for (Expr.Alias alias : project.columns()) {
      if (alias.name().equalsIgnoreCase(name) && alias.operand() instanceof Expr.Column column) {
        return new Expr.Search(column, search.condition());
      }
    }
    throw refused(search, "column %s is computed".formatted(name), "Name one of the source.");
  }

  private static InvalidRequest refused(Expr.Search search, String why, String what) {
    return new InvalidRequest("Cannot filter by %s: %s. %s".formatted(search, why, what));
  }
}
