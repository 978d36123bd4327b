package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.type.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Filters on one use of a source, of which all must be true.
 *
 * @param pushed those that were understood
 * @param unpushed texts of the others
 */
record Filters(List<Expr> pushed, Set<String> unpushed) {

  static final Filters NONE = new Filters(List.of(), Set.of());

  Filters {
    pushed = List.copyOf(pushed);
  }

  /** The filters of several scans that share what they read: a row is wanted if one wants it. */
  static Filters anyOf(List<Filters> scans) {
    if (scans.size() == 1) {
      return scans.getFirst();
    }
    var unpushed = new LinkedHashSet<String>();
    scans.forEach(filters -> unpushed.addAll(filters.unpushed));
    if (scans.isEmpty() || scans.stream().anyMatch(filters -> filters.pushed.isEmpty())) {
      return new Filters(List.of(), unpushed);
    }
    Set<Expr> choices =
        scans.stream().map(Filters::all).collect(Collectors.toCollection(LinkedHashSet::new));
    return choices.size() == 1
        ? new Filters(scans.getFirst().pushed, unpushed)
        : new Filters(List.of(new Expr.Or(List.copyOf(choices))), unpushed);
  }

  private Expr all() {
    return pushed.size() == 1 ? pushed.getFirst() : new Expr.And(pushed);
  }

  /** Reads the texts of filters in a plan. */
  static Filters read(SyntaxTrees trees, List<String> texts, Schema schema, StubColumns columns)
      throws SQLException {
    var parser = new FilterParser(schema, columns);
    var pushed = new ArrayList<Expr>();
    var unpushed = new LinkedHashSet<String>();
    for (String text : texts) {
      List<Map<?, ?>> conjuncts = FilterParser.conjuncts(expression(trees.parse("SELECT " + text)));
      List<String> pieces = Conjuncts.of(text);
      for (int i = 0; i < conjuncts.size(); i++) {
        try {
          pushed.add(parser.filter(conjuncts.get(i)));
        } catch (NotUnderstood e) {
          String piece = pieces.size() == conjuncts.size() ? pieces.get(i) : text;
          unpushed.add(columns.readable(piece, schema));
        }
      }
    }
    return new Filters(pushed, unpushed);
  }

  /** The expression that is selected; empty when the text could not be read as one. */
  private static Map<?, ?> expression(Map<String, @Nullable Object> tree) {
    List<?> list = Json.array(SyntaxTrees.query(tree).get("select_list"));
    return list.size() == 1 ? Json.object(list.getFirst()) : Map.of();
  }
}
