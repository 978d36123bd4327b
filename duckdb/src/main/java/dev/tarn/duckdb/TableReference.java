package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table that an SQL text names with a namespace before it, or with AT behind it: neither can stay
 * in a text that DuckDB is to read. Places count bytes.
 *
 * @param path the namespaces, if any, and the name
 * @param hasAlias whether the text gives it a name of its own
 * @param start where the name begins
 * @param nameEnd where it ends
 * @param at its version; null when it has none
 */
record TableReference(
    List<String> path, boolean hasAlias, int start, int nameEnd, @Nullable At at) {

  private static final Pattern TOKEN =
      Pattern.compile(
          "(?s)\\s+|--[^\\n]*|/\\*.*?\\*/" // nothing
              + "|[eE]'(?:[^'\\\\]|\\\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
              + "|(\\$\\w*\\$).*?\\1|[\\w$\\x80-\\xFF]+|=>|.");

  /**
   * A clause {@code AT (unit => value)}.
   *
   * @param unit VERSION or TIMESTAMP
   * @param expr DuckDB's tree of the value
   * @param start where AT stands
   * @param end behind the parenthesis
   * @param valueStart where the value begins; it ends before the parenthesis
   */
  record At(String unit, Map<?, ?> expr, int start, int end, int valueStart) {}

  TableReference {
    path = List.copyOf(path);
  }

  /** What the table is called: {@code table}, or {@code namespace.table}. */
  String name() {
    return String.join(".", path);
  }

  /** Such references in a text, each once. */
  static List<TableReference> in(Map<?, ?> tree, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var found = new LinkedHashMap<Integer, TableReference>();
    Json.walk(
        tree,
        node -> {
          if (isReference(node) && node.get("query_location") instanceof Number location) {
            found.computeIfAbsent(location.intValue(), start -> read(node, bytes, start));
          }
        });
    return List.copyOf(found.values());
  }

  /** Whether a node of the tree is one. */
  static boolean isReference(Map<?, ?> node) {
    return "BASE_TABLE".equals(node.get("type"))
        && (node.get("at_clause") != null || path(node).size() > 1);
  }

  private static List<String> path(Map<?, ?> node) {
    return Json.array(Json.object(node.get("qualified_name")).get("path")).stream()
        .map(String::valueOf)
        .toList();
  }

  private record Token(String text, int start, int end) {}

  private static TableReference read(Map<?, ?> node, byte[] bytes, int start) {
    int length = node.get("query_location_length") instanceof Number n ? n.intValue() : 0;
    List<String> path = path(node);
    if (start < 0 || length <= 0 || start + length > bytes.length) {
      throw unknownPlace(path);
    }
    List<Token> tokens = tokens(bytes, start, start + length);
    int nameTokens = 2 * path.size() - 1;
    if (tokens.size() < nameTokens) {
      throw unknownPlace(path);
    }
    Map<?, ?> at = Json.object(node.get("at_clause"));
    return new TableReference(
        path,
        !"".equals(node.get("alias")),
        start,
        tokens.get(nameTokens - 1).end(),
        at.isEmpty() ? null : at(at, tokens, nameTokens, path));
  }

  private static InvalidRequest unknownPlace(List<String> path) {
    return new InvalidRequest(
        "Cannot run the query: the place of table %s in it is not known. Write it without comments."
            .formatted(String.join(".", path)));
  }

  /** A byte is a character here, so that places stay those of bytes. */
  private static List<Token> tokens(byte[] bytes, int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    var tokens = new ArrayList<Token>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String token = matcher.group();
      if (!token.isBlank() && !token.startsWith("--") && !token.startsWith("/*")) {
        tokens.add(new Token(token, start + matcher.start(), start + matcher.end()));
      }
    }
    return tokens;
  }

  /** The last AT outside of parentheses: an alias may be called so too, but stands before it. */
  private static At at(Map<?, ?> clause, List<Token> tokens, int from, List<String> path) {
    int depth = 0;
    int last = -1;
    for (int i = from; i < tokens.size(); i++) {
      String token = tokens.get(i).text();
      if (depth == 0 && token.equalsIgnoreCase("AT") && is(tokens, i + 1, "(")) {
        last = i;
      }
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
    }
    if (last < 0 || !is(tokens, last + 3, "=>")) {
      throw unknownPlace(path);
    }
    int close = closing(tokens, last + 1, path);
    return new At(
        String.valueOf(clause.get("unit")),
        Json.object(clause.get("expr")),
        tokens.get(last).start(),
        tokens.get(close).end(),
        tokens.get(last + 3).end());
  }

  private static boolean is(List<Token> tokens, int index, String text) {
    return index < tokens.size() && tokens.get(index).text().equals(text);
  }

  private static int closing(List<Token> tokens, int open, List<String> path) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      String token = tokens.get(i).text();
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw unknownPlace(path);
  }

  /** Where a call ends that begins somewhere: behind the parenthesis that closes its arguments. */
  static int endOfCall(byte[] bytes, int start, int end, String function) {
    List<String> path = List.of(function);
    if (start < 0 || end > bytes.length || end <= start) {
      throw unknownPlace(path);
    }
    List<Token> tokens = tokens(bytes, start, end);
    for (int i = 0; i < tokens.size(); i++) {
      if (is(tokens, i, "(")) {
        return tokens.get(closing(tokens, i, path)).end();
      }
    }
    throw unknownPlace(path);
  }
}
