package dev.tarn.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Walks expression trees. */
public final class Children {

  private Children() {}

  static List<Expr> of(Expr expr) {
    return switch (expr) {
      case Expr.Column c -> List.of();
      case Expr.SideColumn c -> List.of();
      case Expr.Literal l -> List.of();
      case Expr.Interval i -> List.of();
      case Expr.SqlText s -> List.of();
      case Expr.Arithmetic a -> List.of(a.left(), a.right());
      case Expr.Negate n -> List.of(n.operand());
      case Expr.Comparison c -> List.of(c.left(), c.right());
      case Expr.And a -> a.operands();
      case Expr.Or o -> o.operands();
      case Expr.Not n -> List.of(n.operand());
      case Expr.IsNull n -> List.of(n.operand());
      case Expr.In in -> prepend(in.operand(), in.values());
      case Expr.Between b -> List.of(b.operand(), b.low(), b.high());
      case Expr.Like l -> List.of(l.operand(), l.pattern());
      case Expr.Cast c -> List.of(c.operand());
      case Expr.Case c -> ofCase(c);
      case Expr.Call c -> c.arguments();
      case Expr.Aggregate a -> ofAggregate(a);
      case Expr.Over o -> ofOver(o);
      case Expr.Member m -> List.of(m.operand());
      case Expr.Element e -> List.of(e.operand(), e.position());
      case Expr.ListOf l -> l.elements();
      case Expr.StructOf s -> List.copyOf(s.members());
      case Expr.Alias a -> List.of(a.operand());
      case Expr.Search s -> List.of(s.column());
    };
  }

  /** Visits the expression and all below it, top down. */
  public static void walk(Expr expr, Consumer<Expr> visitor) {
    visitor.accept(expr);
    of(expr).forEach(child -> walk(child, visitor));
  }

  /** Whether the expression or one below it passes the test. */
  public static boolean anyMatch(Expr expr, Predicate<Expr> test) {
    return test.test(expr) || of(expr).stream().anyMatch(child -> anyMatch(child, test));
  }

  private static List<Expr> ofCase(Expr.Case expr) {
    var children = new ArrayList<Expr>();
    for (Expr.Branch branch : expr.branches()) {
      children.add(branch.condition());
      children.add(branch.value());
    }
    children.add(expr.otherwise());
    return children;
  }

  private static List<Expr> ofAggregate(Expr.Aggregate aggregate) {
    var children = new ArrayList<>(aggregate.arguments());
    if (aggregate.filter() != null) {
      children.add(aggregate.filter());
    }
    aggregate.orderBy().forEach(key -> children.add(key.expr()));
    return children;
  }

  private static List<Expr> ofOver(Expr.Over over) {
    var children = prepend(over.function(), over.window().partitionBy());
    over.window().orderBy().forEach(key -> children.add(key.expr()));
    return children;
  }

  private static List<Expr> prepend(Expr first, List<Expr> rest) {
    var all = new ArrayList<Expr>();
    all.add(first);
    all.addAll(rest);
    return all;
  }
}
