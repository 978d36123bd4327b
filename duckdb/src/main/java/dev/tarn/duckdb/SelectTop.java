package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.has;
import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.expr.SortKey.Direction;
import dev.tarn.expr.SortKey.Nulls;
import dev.tarn.spi.TopGroups;
import dev.tarn.spi.TopGroups.Ties;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The groups that a SELECT needs, where it has an ORDER BY and a LIMIT, and nothing that would take
 * groups away after they were computed.
 */
final class SelectTop {

  private final Map<?, ?> select;

  private SelectTop(Map<?, ?> select) {
    this.select = select;
  }

  /**
   * Which are needed; null for all.
   *
   * @param column the column of the answer that an expression is; below 0 when it is none
   */
  static @Nullable TopGroups of(Map<?, ?> select, ToIntFunction<Map<?, ?>> column) {
    return new SelectTop(select).top(column);
  }

  private @Nullable TopGroups top(ToIntFunction<Map<?, ?>> column) {
    List<?> modifiers = Json.array(select.get("modifiers"));
    if (has(select, "having") || modifiers.size() != 2) {
      return null;
    }
    Map<?, ?> order = Json.object(modifiers.getFirst());
    Map<?, ?> limit = Json.object(modifiers.getLast());
    List<?> keys = Json.array(order.get("orders"));
    long rows = rows(limit);
    if (!"ORDER_MODIFIER".equals(order.get("type")) || keys.isEmpty() || rows <= 0) {
      return null;
    }
    Map<?, ?> key = Json.object(keys.getFirst());
    int found = column.applyAsInt(meant(Json.object(key.get("expression"))));
    return found < 0
        ? null
        : new TopGroups(
            found,
            text(key, "type").equals("DESCENDING") ? Direction.DESC : Direction.ASC,
            text(key, "null_order").equals("NULLS FIRST") ? Nulls.FIRST : Nulls.LAST,
            rows,
            keys.size() == 1 ? Ties.ANY : Ties.ALL);
  }

  /** What LIMIT and OFFSET reach; 0 where that is not known. */
  private static long rows(Map<?, ?> limit) {
    boolean counts =
        "LIMIT_MODIFIER".equals(limit.get("type")) && "ROW_COUNT".equals(limit.get("limit_type"));
    long rows = counts ? whole(limit.get("limit")) : 0;
    long offset = limit.get("offset") == null ? 0 : whole(limit.get("offset"));
    return rows <= 0 || offset < 0 ? 0 : rows + offset;
  }

  /** A constant that is no number of rows is below 0. */
  private static long whole(@Nullable Object expression) {
    Map<?, ?> literal = Json.object(Json.object(expression).get("literal"));
    String text = text(literal, "text");
    return "INTEGER".equals(literal.get("kind")) && text.matches("\\d{1,18}")
        ? Long.parseLong(text)
        : -1;
  }

  /** A number and a name stand for what the SELECT has there, or calls so. */
  private Map<?, ?> meant(Map<?, ?> expression) {
    List<?> items = Json.array(select.get("select_list"));
    long position = whole(expression);
    if (position >= 0) {
      return position == 0 || position > items.size()
          ? Map.of()
          : Json.object(items.get((int) position - 1));
    }
    List<?> path = Json.array(expression.get("column_names"));
    List<? extends Map<?, ?>> named =
        items.stream()
            .map(Json::object)
            .filter(item ->
                path.size() == 1
                    && text(item, "alias").equalsIgnoreCase(String.valueOf(path.getFirst())))
            .toList();
    return switch (named.size()) {
      case 0 -> expression;
      case 1 -> named.getFirst();
      default -> Map.of();
    };
  }
}
