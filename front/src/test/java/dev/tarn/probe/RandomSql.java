package dev.tarn.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Random queries over the tables {@code t} and {@code u}, and the view {@code v}. */
final class RandomSql {

  /** Columns and some constants for each, as SQL; values of the tables are among them. */
  static final Map<String, List<String>> CONSTANTS =
      Map.ofEntries(
          Map.entry("ti", List.of("-3", "0", "1", "2", "5")),
          Map.entry("si", List.of("-3", "0", "1", "2", "300")),
          Map.entry("i", List.of("-3", "0", "1", "2", "3", "2.5", "100000")),
          Map.entry("l", List.of("-3", "0", "1", "2", "3", "9223372036854775807")),
          Map.entry("h", List.of("-3", "0", "1", "170141183460469231731687303715884105727")),
          Map.entry(
              "f", List.of("0", "0.1", "-1.5", "2", "0.1::FLOAT", "'nan'::FLOAT", "'inf'::FLOAT")),
          Map.entry(
              "d",
              List.of("0", "-0.0", "0.1", "1.5", "2", "1e300", "'nan'", "'inf'", "'-inf'", "-2.5")),
          Map.entry("dec", List.of("0", "1.5", "-2.25", "1.005", "100", "1.50")),
          Map.entry(
              "s",
              List.of(
                  "''",
                  "'a'",
                  "'ab'",
                  "'A'",
                  "'it''s'",
                  "'é'",
                  "'🙂'",
                  "'a%b'",
                  "e'x\\n\\ny'",
                  "e'x\\ny'",
                  "'3'",
                  "'\"q\" (AND) --'",
                  "('a' || chr(0) || 'b')")),
          Map.entry("bl", List.of("'a'::BLOB", "'\\xFF\\x00'::BLOB", "''::BLOB")),
          Map.entry(
              "dt",
              List.of(
                  "DATE '2024-01-01'",
                  "DATE '2024-01-31' - INTERVAL 30 DAY",
                  "'1969-12-31'",
                  "'infinity'::DATE",
                  "'0044-03-15 (BC)'::DATE",
                  "DATE '9999-12-31'")),
          Map.entry("tm", List.of("TIME '00:00:00'", "TIME '12:34:56.789'")),
          Map.entry(
              "ts",
              List.of(
                  "TIMESTAMP '2024-01-01 00:00:00'",
                  "TIMESTAMP '2024-02-03 04:05:06.789'",
                  "'infinity'::TIMESTAMP",
                  "DATE '2024-01-01'")),
          Map.entry(
              "tz",
              List.of(
                  "TIMESTAMPTZ '2024-01-01 00:00:00+00'",
                  "TIMESTAMPTZ '2024-01-01 02:00:00+02'",
                  "now()",
                  "now() - INTERVAL 1 HOUR",
                  "current_timestamp + INTERVAL 1 DAY")),
          Map.entry(
              "id",
              List.of(
                  "'00000000-0000-0000-0000-000000000001'::UUID",
                  "'ffffffff-ffff-ffff-ffff-ffffffffffff'::UUID")));

  private static final List<String> NAMES = List.copyOf(CONSTANTS.keySet());
  private static final List<String> PATTERNS =
      List.of("a%", "%b", "%a%", "a_", "%", "_", "A%", "", "é%", "a\\%b");

  private final Random random;

  RandomSql(Random random) {
    this.random = random;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @SafeVarargs
  private <T> T one(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  // ---- queries

  String query() {
    return switch (random.nextInt(22)) {
      case 0, 1 -> "SELECT " + columns("x") + " FROM t x WHERE " + filter("x");
      case 2, 3, 4 -> join();
      case 5 -> semi();
      case 6 -> cte();
      case 7 -> "SELECT * FROM v WHERE " + one("i > 0", "n = 2", "l < 3 AND n > 1", "i IN (1,2,3)");
      case 8 ->
          "SELECT x.i, x.s FROM t x WHERE %sEXISTS (FROM u y WHERE y.i %s x.i AND %s) AND %s"
              .formatted(one("", "NOT "), one("=", "<"), filter("y"), filter("x"));
      case 9 ->
          "SELECT x.i, (SELECT max(y.l) FROM u y WHERE y.i = x.i AND %s) AS m FROM t x WHERE %s"
              .formatted(filter("y"), filter("x"));
      case 10 ->
          "SELECT * FROM t x WHERE x.i %sIN (SELECT y.i FROM u y WHERE %s) AND %s"
              .formatted(one("", "NOT "), filter("y"), filter("x"));
      case 11 ->
          "SELECT * FROM (SELECT i, s, d FROM t x WHERE %s %s SELECT i, s, d FROM u y WHERE %s) x WHERE %s"
              .formatted(
                  filter("x"),
                  one("UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL"),
                  filter("y"),
                  one("i > 0", "s = 'a'", "d > 0.5", "true"));
      case 12 ->
          "SELECT x.i, count(*), count(*) FILTER (WHERE %s) AS c, min(x.s) FROM t x WHERE %s GROUP BY x.i HAVING %s"
              .formatted(filter("x"), filter("x"), one("x.i > 0", "count(*) > 1", "min(x.l) < 2"));
      case 13 ->
          "SELECT * FROM (SELECT x.i, x.l, x.s, row_number() OVER (PARTITION BY x.i ORDER BY x.l, x.s, x.d, x.k) AS r FROM t x WHERE %s) WHERE %s"
              .formatted(filter("x"), one("r = 1", "i = 1 AND r < 3", "l > 0", "s LIKE 'a%'"));
      case 14 ->
          "SELECT x.k, x.i FROM t x WHERE %s ORDER BY x.i DESC NULLS LAST, x.k LIMIT %d OFFSET %d"
              .formatted(filter("x"), random.nextInt(10), random.nextInt(3));
      case 15 -> "SELECT DISTINCT x.i, x.s FROM t x WHERE " + filter("x");
      case 16 ->
          "SELECT * FROM (UNPIVOT (SELECT k, i, l FROM t x WHERE %s) ON i, l INTO NAME n VALUE w) WHERE %s"
              .formatted(filter("x"), one("w > 1", "n = 'i'", "k < 5"));
      case 17 -> // names are exchanged: those in a filter may mean another column
          "SELECT * FROM (SELECT l AS i, i AS l, si AS ti, ti AS si, s, k FROM t) x WHERE %s AND %s"
              .formatted(
                  one("i % 2 = 1", "l + 1 > 2", "i + l > 3", "true"),
                  one("i > 1", "l <= 1", "ti = 1", "si IN (1, 2)"));
      case 18 ->
          "SELECT x.k, y.k FROM t x POSITIONAL JOIN u y WHERE " + one(filter("x"), filter("y"));
      case 19 -> "SELECT count(*) FROM t x WHERE " + filter("x");
      case 20 ->
          "WITH RECURSIVE r AS (SELECT k, i FROM t x WHERE %s UNION SELECT y.k, y.i FROM u y JOIN r ON y.k = r.k + 1 WHERE %s) SELECT * FROM r WHERE %s"
              .formatted(filter("x"), filter("y"), one("i > 0", "true", "k < 9"));
      default ->
          "SELECT x.k, z.k FROM t x, LATERAL (SELECT y.k FROM u y WHERE y.i = x.i AND %s ORDER BY y.k LIMIT 2) z WHERE %s"
              .formatted(filter("y"), filter("x"));
    };
  }

  private String join() {
    String kind = one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN");
    String on =
        kind.equals("CROSS JOIN")
            ? ""
            : " ON x.i = y.i"
                + one("", " AND " + filter("x"), " AND " + filter("y"), " AND x.l < y.l");
    return "SELECT x.k, x.i, y.k AS k2, y.s FROM t x %s u y%s WHERE %s"
        .formatted(
            kind,
            on,
            one(
                filter("x"),
                filter("y"),
                filter("x") + " AND " + filter("y"),
                filter("x") + " OR " + filter("y"),
                "y.i IS NULL",
                "x.i IS NULL AND " + filter("y")));
  }

  private String semi() {
    return "SELECT x.k FROM t x %s JOIN u y ON x.i = y.i AND %s WHERE %s"
        .formatted(one("SEMI", "ANTI"), filter("y"), filter("x"));
  }

  private String cte() {
    return "WITH c AS %s(SELECT * FROM t x WHERE %s) SELECT x.k, y.k FROM c x %s c y ON x.i = y.i AND %s WHERE %s"
        .formatted(
            one("", "MATERIALIZED ", "NOT MATERIALIZED "),
            filter("x"),
            one("JOIN", "LEFT JOIN", "FULL JOIN"),
            filter("y"),
            filter("x"));
  }

  private String columns(String table) {
    return random.nextInt(3) == 0
        ? "*"
        : Stream.generate(() -> table + "." + pick(NAMES))
            .limit(1 + random.nextInt(4))
            .distinct()
            .collect(Collectors.joining(", "));
  }

  // ---- filters

  String filter(String table) {
    return filter(table, 2);
  }

  private String filter(String x, int depth) {
    if (depth > 0 && random.nextInt(2) == 0) {
      String left = filter(x, depth - 1);
      String right = filter(x, depth - 1);
      return switch (random.nextInt(6)) {
        case 0, 1 -> "(" + left + " AND " + right + ")";
        case 2, 3 -> "(" + left + " OR " + right + ")";
        case 4 -> "(NOT " + left + ")";
        default -> "((" + left + ") IS NOT TRUE)";
      };
    }
    String name = pick(NAMES);
    String column = x + "." + name;
    String constant = pick(CONSTANTS.get(name));
    String other = pick(CONSTANTS.get(name));
    return "("
        + switch (random.nextInt(16)) {
          case 0, 1, 2, 3 -> column + one(" = ", " <> ", " < ", " <= ", " > ", " >= ") + constant;
          case 4 -> constant + one(" = ", " < ", " >= ") + column;
          case 5 -> column + one(" ", " NOT ") + "BETWEEN " + constant + " AND " + other;
          case 6 -> column + " > " + constant + " AND " + column + " < " + other;
          case 7 -> column + one(" IN ", " NOT IN ") + "(" + list(name) + ")";
          case 8 -> column + one(" IS NULL", " IS NOT NULL");
          case 9 -> column + one(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM ") + constant;
          case 10 ->
              x
                  + ".s"
                  + one(" LIKE ", " NOT LIKE ", " ILIKE ", " NOT ILIKE ")
                  + "'"
                  + pick(PATTERNS)
                  + "'";
          case 11 -> one(x + ".b", "NOT " + x + ".b", x + ".b = true", x + ".b IS NOT TRUE");
          case 12 ->
              x + "." + one("i = ", "i < ", "l > ", "ti = ") + x + "." + one("i", "l", "ti", "si");
          default -> special(x);
        }
        + ")";
  }

  private String list(String name) {
    var values = new ArrayList<String>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      values.add(pick(CONSTANTS.get(name)));
    }
    if (random.nextInt(4) == 0) {
      values.add("NULL");
    }
    return String.join(", ", values);
  }

  private String special(String x) {
    return one(
            "X.i + 1 > 2",
            "X.i % 2 = 0",
            "X.i * 2 - 1 = 3",
            "-X.i < 1",
            "X.d * 2 > 1.5",
            "X.f + X.d > 0.3",
            "X.dec + 1 > 2.25",
            "X.i::BIGINT = 2",
            "X.i::VARCHAR = '2'",
            "X.ti = 500",
            "TRY_CAST(X.s AS INTEGER) = 3",
            "X.ts::DATE = DATE '2024-01-01'",
            "date_trunc('month', X.ts) = DATE '2024-02-01'",
            "year(X.dt) = 2024",
            "month(X.dt) = 1",
            "coalesce(X.s, 'a') = 'a'",
            "CASE WHEN X.i > 1 THEN X.s ELSE 'a' END = 'a'",
            "if(X.b, X.i, X.l) = 2",
            "length(X.s) > 1",
            "upper(X.s) = 'A'",
            "lower(X.s) LIKE 'a%'",
            "X.s COLLATE NOCASE = 'A'",
            "starts_with(X.s, 'a')",
            "contains(X.s, 'b')",
            "X.s || 'b' = 'ab'",
            "substring(X.s, 1, 1) = 'a'",
            "regexp_matches(X.s, '^a')",
            "X.st.x = 1",
            "X.st.y LIKE 'a%'",
            "X.st.x IN (1, 2) AND X.st IS NOT NULL",
            "X.st IS NULL",
            "X.li[1] = 1",
            "list_contains(X.li, 2)",
            "list_contains([1, 2, 3], X.i)",
            "(X.i, X.l) = (1, 1)",
            "(X.i > 1 AND X.i < 3) = X.b",
            "(X.i BETWEEN 1 AND 2) IS NOT TRUE",
            "NOT (X.i > 1 AND X.i < 3)",
            "X.d > 0 AND X.d < 2",
            "NOT (X.d > 0 AND X.d < 2)",
            "X.d = 0 OR X.f = 0",
            "X.d NOT IN (0, 1.5)",
            "isnan(X.d)",
            "X.i = 1 AND X.i = 2",
            "X.tz <= now()",
            "X.dt < current_date",
            "X.ts < localtimestamp",
            "age(X.ts) > INTERVAL 1 DAY",
            "X.en = 'a'",
            "X.en IN ('a', 'b')",
            "X.en > 'a'",
            "X.js->>'a' = '1'",
            "X.i = (SELECT 2)",
            "X.i > (SELECT min(i) FROM u)")
        .replace("X.", x + ".");
  }
}
