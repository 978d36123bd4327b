package dev.tarn.plan;

import dev.tarn.expr.Expr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names of a plan's columns, known without asking the engine. */
public final class PlanColumns {

  private static final List<String> DESCRIBED =
      List.of(
          "column_name",
          "column_type",
          "min",
          "max",
          "approx_unique",
          "avg",
          "std",
          "q25",
          "q50",
          "q75",
          "count",
          "null_percentage");

  private PlanColumns() {}

  /** The names, in order. */
  public static List<String> of(Plan plan) {
    return switch (plan) {
      case Plan.Scan p -> p.source().schema().names();
      case Plan.SqlQuery p -> p.columns();
      case Plan.Filter p -> of(p.input());
      case Plan.Project p -> names(p.columns());
      case Plan.GroupBy p -> concat(names(p.keys()), names(p.aggregates()));
      case Plan.Join p -> joined(p).stream().map(JoinColumn::name).toList();
      case Plan.Sort p -> of(p.input());
      case Plan.Limit p -> of(p.input());
      case Plan.Distinct p -> of(p.input());
      case Plan.DistinctOn p -> of(p.input());
      case Plan.Union p -> united(p.inputs());
      case Plan.Unnest p -> of(p.input());
      case Plan.Unpivot p ->
          concat(without(of(p.input()), p.columns()), List.of(p.nameColumn(), p.valueColumn()));
      case Plan.Sample p -> of(p.input());
      case Plan.Describe p -> DESCRIBED;
    };
  }

  /** A column of a join: where it comes from and how it is named. */
  public record JoinColumn(Expr.Side side, String source, String name) {}

  /**
   * The columns of a join in order: all of the left, then those of the right that are not joined
   * on. One whose name the left has too gets {@code _right} at its end.
   */
  public static List<JoinColumn> joined(Plan.Join join) {
    List<String> left = of(join.left());
    var columns = new ArrayList<JoinColumn>();
    left.forEach(name -> columns.add(new JoinColumn(Expr.Side.LEFT, name, name)));
    if (join.kind() == JoinKind.SEMI || join.kind() == JoinKind.ANTI) {
      return columns;
    }
    List<String> right = without(of(join.right()), join.using());
    Set<String> ofLeft = lowerCase(left);
    Set<String> taken = lowerCase(concat(left, right));
    for (String source : right) {
      String name = source;
      while (name.equals(source) ? ofLeft.contains(lower(name)) : !taken.add(lower(name))) {
        name += "_right";
      }
      columns.add(new JoinColumn(Expr.Side.RIGHT, source, name));
    }
    return columns;
  }

  /** The names that are not among the dropped ones, compared without case. */
  public static List<String> without(List<String> names, Collection<String> dropped) {
    Set<String> gone = lowerCase(dropped);
    return names.stream().filter(name -> !gone.contains(lower(name))).toList();
  }

  private static List<String> names(List<Expr.Alias> expressions) {
    return expressions.stream().map(Expr.Alias::name).toList();
  }

  private static List<String> united(List<Plan> inputs) {
    var byLowerCase = new LinkedHashMap<String, String>();
    for (Plan input : inputs) {
      of(input).forEach(name -> byLowerCase.putIfAbsent(lower(name), name));
    }
    return List.copyOf(byLowerCase.values());
  }

  private static List<String> concat(List<String> first, List<String> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static Set<String> lowerCase(Collection<String> names) {
    var set = new HashSet<String>();
    names.forEach(name -> set.add(lower(name)));
    return set;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
