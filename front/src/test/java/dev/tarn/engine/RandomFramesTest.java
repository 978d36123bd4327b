package dev.tarn.engine;

import static dev.tarn.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.JoinKind;
import dev.tarn.testkit.Seeds;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random chains of operations, computed by the engine and by a few lines of Java that know nothing
 * of SQL. They must agree row by row: what shares a SELECT is an optimization, never a meaning.
 */
class RandomFramesTest {

  record Item(Long a, Long b, String s) {}

  /** A frame, and what its rows are. All columns are BIGINT, but those whose names start with s. */
  record Table(
      Frame frame, List<String> columns, List<Map<String, Object>> rows, boolean ordered) {}

  /** An expression, and what it is for a row. */
  record Value(Expr expr, Function<Map<String, Object>, Object> of) {}

  private static Tarn tarn;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @Test
  void chainsOfOperationsMeanTheSameInSqlAndInJava() {
    Seeds.each(Seeds.rounds(400, 20_000), this::check);
  }

  private void check(Random random) {
    Table table = items(random);
    int operations = 1 + random.nextInt(8);
    for (int i = 0; i < operations; i++) {
      table = next(random, table);
    }
    List<List<Object>> expected = values(table.rows, table.columns);
    List<List<Object>> actual = new ArrayList<>();
    for (Row row : table.frame.collect()) {
      actual.add(row.toMap().values().stream().map(RandomFramesTest::whole).toList());
    }
    String what = table.frame + "\n" + table.frame.explain();
    assertThat(table.frame.columns()).as(what).isEqualTo(table.columns);
    if (table.ordered) {
      assertThat(actual).as(what).isEqualTo(expected);
    } else {
      assertThat(actual).as(what).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static Table items(Random random) {
    var items = new ArrayList<Item>();
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      var item = new Item(number(random), number(random), text(random));
      items.add(item);
      rows.add(row(List.of("a", "b", "s"), Arrays.asList(item.a, item.b, item.s)));
    }
    return new Table(tarn.rows(Item.class, items), List.of("a", "b", "s"), rows, false);
  }

  private static Table next(Random random, Table in) {
    return switch (random.nextInt(11)) {
      case 0, 1 -> filter(random, in);
      case 2 -> select(random, in);
      case 3 -> withColumns(random, in);
      case 4 -> group(random, in);
      case 5, 6 -> sortAndLimit(random, in);
      case 7 -> distinct(in);
      case 8 -> union(random, in);
      case 9 -> join(random, in);
      default -> rename(random, in);
    };
  }

  // ---- operations

  private static Table filter(Random random, Table in) {
    Value predicate = predicate(random, in.columns, 2);
    var rows = in.rows.stream().filter(r -> Boolean.TRUE.equals(predicate.of.apply(r))).toList();
    return new Table(in.frame.filter(predicate.expr), in.columns, rows, in.ordered);
  }

  private static Table select(Random random, Table in) {
    var columns = new LinkedHashMap<String, Value>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      columns.put(pick(random, List.of("a", "b", "x")), value(random, in.columns, 2));
    }
    String text = pick(random, texts(in.columns));
    columns.put("s", new Value(col(text), r -> r.get(text)));
    Object[] selected =
        columns.entrySet().stream().map(e -> e.getValue().expr.as(e.getKey())).toArray();
    return new Table(
        in.frame.select(selected),
        List.copyOf(columns.keySet()),
        computed(in.rows, columns),
        in.ordered);
  }

  private static Table withColumns(Random random, Table in) {
    var added = new LinkedHashMap<String, Value>();
    added.put(pick(random, List.of("a", "b", "y")), value(random, in.columns, 2));
    added.put(pick(random, List.of("a", "z")), value(random, in.columns, 1));
    var columns = new LinkedHashMap<String, Value>();
    in.columns.forEach(name -> columns.put(name, new Value(col(name), r -> r.get(name))));
    columns.putAll(added);
    Expr[] exprs =
        added.entrySet().stream().map(e -> e.getValue().expr.as(e.getKey())).toArray(Expr[]::new);
    return new Table(
        in.frame.withColumns(exprs),
        List.copyOf(columns.keySet()),
        computed(in.rows, columns),
        in.ordered);
  }

  private static Table group(Random random, Table in) {
    String key = pick(random, in.columns);
    String number = pick(random, numbers(in.columns));
    String text = pick(random, texts(in.columns));
    String name = key.startsWith("s") ? "s" : "k";
    var groups = new LinkedHashMap<Object, List<Map<String, Object>>>();
    in.rows.forEach(r -> groups.computeIfAbsent(r.get(key), k -> new ArrayList<>()).add(r));
    List<String> columns =
        name.equals("s") ? List.of("s", "a", "b", "n") : List.of("k", "a", "b", "n", "s");
    var rows = new ArrayList<Map<String, Object>>();
    groups.forEach((k, group) -> {
      List<Long> known = RandomFramesTest.<Long>known(group, number);
      Object sum = known.isEmpty() ? null : known.stream().mapToLong(x -> x).sum();
      Object least = known.stream().min(Comparator.naturalOrder()).orElse(null);
      Object last =
          RandomFramesTest.<String>known(group, text).stream()
              .max(Comparator.naturalOrder())
              .orElse(null);
      rows.add(
          name.equals("s")
              ? row(columns, Arrays.asList(k, sum, least, (long) group.size()))
              : row(columns, Arrays.asList(k, sum, least, (long) group.size(), last)));
    });
    var aggregates =
        new ArrayList<Expr>(
            List.of(
                sum(number).cast(dev.tarn.type.DataType.BIGINT).as("a"),
                min(number).as("b"),
                count().as("n")));
    if (!name.equals("s")) {
      aggregates.add(max(text).as("s"));
    }
    return new Table(
        in.frame.groupBy(col(key).as(name)).agg(aggregates.toArray(Expr[]::new)),
        columns,
        rows,
        false);
  }

  /** By all columns, so that there is one order only; the limit may follow or not. */
  private static Table sortAndLimit(Random random, Table in) {
    var keys = new ArrayList<SortKey>();
    Comparator<Map<String, Object>> order = (_, _) -> 0;
    for (String name : in.columns) {
      boolean descending = random.nextBoolean();
      keys.add(descending ? desc(name) : asc(name));
      Comparator<Object> values = comparator(descending);
      order = order.thenComparing(r -> r.get(name), values);
    }
    var rows = new ArrayList<>(in.rows);
    rows.sort(order);
    Frame sorted = in.frame.sort(keys.toArray());
    if (random.nextBoolean()) {
      return new Table(sorted, in.columns, rows, true);
    }
    int offset = random.nextInt(4);
    int count = random.nextInt(12);
    var some = rows.stream().skip(offset).limit(count).toList();
    return new Table(sorted.limit(count, offset), in.columns, some, true);
  }

  private static Table distinct(Table in) {
    var rows = List.copyOf(new LinkedHashSet<>(in.rows));
    return new Table(in.frame.distinct(), in.columns, rows, false);
  }

  private static Table union(Random random, Table in) {
    Table other = random.nextBoolean() ? items(random) : in;
    var columns = new LinkedHashSet<>(in.columns);
    columns.addAll(other.columns);
    var rows = new ArrayList<Map<String, Object>>();
    for (Table table : List.of(in, other)) {
      for (Map<String, Object> r : table.rows) {
        rows.add(row(columns, columns.stream().map(r::get).toList()));
      }
    }
    return new Table(in.frame.union(other.frame), List.copyOf(columns), rows, false);
  }

  private static Table join(Random random, Table in) {
    Table other = items(random);
    var keys = in.columns.stream().filter(c -> c.equals("a") || c.equals("b")).toList();
    if (keys.isEmpty()) {
      return in;
    }
    String key = pick(random, keys);
    JoinKind kind =
        pick(random, List.of(JoinKind.INNER, JoinKind.LEFT, JoinKind.SEMI, JoinKind.ANTI));
    boolean one = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    var names = new LinkedHashMap<String, String>();
    if (!one) {
      for (String name : other.columns) {
        if (!name.equals(key)) {
          String unique = name;
          while (in.columns.contains(unique)) {
            unique += "_right";
          }
          names.put(name, unique);
        }
      }
    }
    var columns = new ArrayList<>(in.columns);
    columns.addAll(names.values());
    var rows = new ArrayList<Map<String, Object>>();
    for (Map<String, Object> r : in.rows) {
      var matches =
          other.rows.stream()
              .filter(o -> r.get(key) != null && r.get(key).equals(o.get(key)))
              .toList();
      switch (kind) {
        case SEMI -> rows.addAll(matches.isEmpty() ? List.of() : List.of(r));
        case ANTI -> rows.addAll(matches.isEmpty() ? List.of(r) : List.of());
        default -> {
          matches.forEach(match -> rows.add(joined(r, match, names)));
          if (matches.isEmpty() && kind == JoinKind.LEFT) {
            rows.add(joined(r, Map.of(), names));
          }
        }
      }
    }
    return new Table(in.frame.join(kind, other.frame, key), columns, rows, false);
  }

  private static Table rename(Random random, Table in) {
    String from = pick(random, in.columns);
    String to = (from.startsWith("s") ? "s" : "c") + random.nextInt(3);
    if (in.columns.contains(to) || from.equals("a") || from.equals("s")) {
      return in;
    }
    var columns = in.columns.stream().map(c -> c.equals(from) ? to : c).toList();
    var rows = in.rows.stream().map(r -> row(columns, new ArrayList<>(r.values()))).toList();
    return new Table(in.frame.rename(from, to), columns, rows, in.ordered);
  }

  // ---- expressions

  private static Value value(Random random, List<String> columns, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      String name = pick(random, numbers(columns));
      long constant = random.nextLong(9) - 4;
      return random.nextInt(4) == 0
          ? new Value(lit(constant).cast(dev.tarn.type.DataType.BIGINT), r -> constant)
          : new Value(col(name), r -> r.get(name));
    }
    Value x = value(random, columns, depth - 1);
    Value y = value(random, columns, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> new Value(x.expr.plus(y.expr), r -> both(x, y, r, (p, q) -> p + q));
      case 1 -> new Value(x.expr.minus(y.expr), r -> both(x, y, r, (p, q) -> p - q));
      case 2 -> {
        Value test = predicate(random, columns, 1);
        yield new Value(
            when(test.expr).then(x.expr).otherwise(y.expr),
            r -> Boolean.TRUE.equals(test.of.apply(r)) ? x.of.apply(r) : y.of.apply(r));
      }
      default ->
          new Value(
              coalesce(x.expr, y.expr), r -> x.of.apply(r) == null ? y.of.apply(r) : x.of.apply(r));
    };
  }

  private static Value predicate(Random random, List<String> columns, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      Value x = predicate(random, columns, depth - 1);
      Value y = predicate(random, columns, depth - 1);
      return switch (random.nextInt(3)) {
        case 0 ->
            new Value(
                x.expr.and(y.expr), r -> and((Boolean) x.of.apply(r), (Boolean) y.of.apply(r)));
        case 1 ->
            new Value(
                x.expr.or(y.expr),
                r -> not(and(not((Boolean) x.of.apply(r)), not((Boolean) y.of.apply(r)))));
        default -> new Value(x.expr.not(), r -> not((Boolean) x.of.apply(r)));
      };
    }
    String name = pick(random, numbers(columns));
    String text = pick(random, texts(columns));
    long constant = random.nextLong(9) - 4;
    Function<Map<String, Object>, Long> number = r -> (Long) r.get(name);
    return switch (random.nextInt(6)) {
      case 0 -> new Value(col(name).lt(constant), r -> test(number.apply(r), x -> x < constant));
      case 1 -> new Value(col(name).eq(constant), r -> test(number.apply(r), x -> x == constant));
      case 2 -> new Value(col(text).isNull(), r -> r.get(text) == null);
      case 3 ->
          new Value(col(text).ge("b"), r -> test((String) r.get(text), x -> x.compareTo("b") >= 0));
      case 4 ->
          new Value(
              col(name).in(constant, constant + 2),
              r -> test(number.apply(r), x -> (x == constant) || (x == constant + 2)));
      default ->
          new Value(
              col(name).between(constant, constant + 3),
              r -> test(number.apply(r), x -> (x >= constant) && (x <= constant + 3)));
    };
  }

  private static <T> Boolean test(T value, Function<T, Boolean> test) {
    return value == null ? null : test.apply(value);
  }

  private static Boolean and(Boolean x, Boolean y) {
    if (Boolean.FALSE.equals(x) || Boolean.FALSE.equals(y)) {
      return false;
    }
    return (x == null || y == null) ? null : true;
  }

  private static Boolean not(Boolean x) {
    return x == null ? null : !x;
  }

  private static Object both(
      Value x, Value y, Map<String, Object> row, java.util.function.LongBinaryOperator operator) {
    Object p = x.of.apply(row);
    Object q = y.of.apply(row);
    return p == null || q == null ? null : operator.applyAsLong((Long) p, (Long) q);
  }

  // ---- rows

  private static Map<String, Object> row(Collection<String> columns, List<?> values) {
    var row = new LinkedHashMap<String, Object>();
    int i = 0;
    for (String column : columns) {
      row.put(column, values.get(i++));
    }
    return row;
  }

  private static Map<String, Object> joined(
      Map<String, Object> left, Map<String, Object> right, Map<String, String> names) {
    var row = new LinkedHashMap<>(left);
    names.forEach((source, name) -> row.put(name, right.get(source)));
    return row;
  }

  private static List<Map<String, Object>> computed(
      List<Map<String, Object>> rows, Map<String, Value> columns) {
    return rows.stream()
        .map(r -> row(columns.keySet(), columns.values().stream().map(v -> v.of.apply(r)).toList()))
        .toList();
  }

  private static List<List<Object>> values(List<Map<String, Object>> rows, List<String> columns) {
    var values = new ArrayList<List<Object>>();
    for (Map<String, Object> row : rows) {
      var list = new ArrayList<Object>();
      columns.forEach(name -> list.add(row.get(name)));
      values.add(list);
    }
    return values;
  }

  private static Object whole(Object value) {
    return value instanceof BigInteger n ? (Object) n.longValueExact() : value;
  }

  @SuppressWarnings("unchecked")
  private static <T> List<T> known(List<Map<String, Object>> rows, String column) {
    return (List<T>) rows.stream().map(r -> r.get(column)).filter(Objects::nonNull).toList();
  }

  @SuppressWarnings("unchecked")
  private static Comparator<Object> comparator(boolean descending) {
    Comparator<Object> natural = (x, y) -> ((Comparable<Object>) x).compareTo(y);
    return Comparator.nullsLast(descending ? natural.reversed() : natural);
  }

  private static List<String> numbers(List<String> columns) {
    return columns.stream().filter(name -> !name.startsWith("s")).toList();
  }

  private static List<String> texts(List<String> columns) {
    return columns.stream().filter(name -> name.startsWith("s")).toList();
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static Long number(Random random) {
    return random.nextInt(6) == 0 ? null : (long) (random.nextInt(9) - 4);
  }

  private static String text(Random random) {
    return random.nextInt(5) == 0 ? null : pick(random, List.of("", "a", "b", "c'\"", "é", "B"));
  }
}
