package dev.tarn.probe;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.TarnException;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Source;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames that say themselves what they need of a source, for which nothing is planned. */
class DirectFiltersTest {

  private static final Schema SCHEMA =
      Schema.of(
          "i", DataType.INTEGER,
          "l", DataType.BIGINT,
          "s", DataType.VARCHAR,
          "d", DataType.DOUBLE,
          "dt", DataType.DATE,
          "ts", DataType.TIMESTAMP);

  private static final LocalDate DAY = LocalDate.of(2024, 2, 29);
  private static final LocalDateTime TIME = DAY.atTime(1, 2, 3, 4_000);

  private static final Object[] VALUES = {
    0,
    1,
    -1,
    5L,
    (long) Integer.MAX_VALUE + 1,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE + 1,
    "",
    "a",
    "A",
    "a\nb",
    "it's",
    "é",
    "\uD83D\uDE00",
    "1",
    0.0,
    -0.0,
    1.5,
    true,
    LocalDate.of(2024, 2, 29),
    LocalDate.of(1, 1, 1),
    LocalDateTime.of(2024, 2, 29, 0, 0),
    LocalDateTime.of(2024, 2, 29, 23, 59, 59, 999_999_000)
  };

  private Tarn tarn;

  @BeforeEach
  void open() {
    tarn = Tarn.open();
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private Frame frame(Source source) {
    return Frame.of(new Plan.Scan(source), tarn.engine());
  }

  private static FilteringSource source(Object[]... rows) {
    return new FilteringSource(
        "t",
        SCHEMA,
        Arrays.stream(rows)
            .<Map<String, Object>>map(row -> FilteringSource.row(SCHEMA, row))
            .toList());
  }

  /** The planning instance prints texts line by line, so that such a one is not read back. */
  @Test
  void textsOfSeveralLinesArrive() {
    FilteringSource t = source(new Object[] {1, 2L, "a\nb", null, DAY, TIME});
    assertThat(frame(t).filter(col("s").eq("a\nb")).collect().size()).isOne();
    assertThat(t.filters()).containsExactly(col("s").eq("a\nb"));
  }

  @Test
  void constantsArriveAsValuesOfTheirColumnsAndWithThemTheColumnsThatAreRead() {
    FilteringSource t = source(new Object[] {1, 2L, "a", null, DAY, TIME});
    Frame found =
        frame(t)
            .filter(col("L").eq(2).and(col("i").le(1L)))
            .filter(col("s").in("a", "b"))
            .filter(col("dt").ge(DAY).and(col("ts").eq(TIME)))
            .select(col("d").as("x"));
    assertThat(found.collect().column("x")).containsExactly((Object) null);
    assertThat(t.filters())
        .containsExactlyInAnyOrder(
            col("l").eq(2L),
            col("i").le(1),
            col("s").in("a", "b"),
            col("dt").ge(DAY),
            col("ts").eq(TIME));
    assertThat(t.requests.getLast().columns()).containsExactly("i", "l", "s", "d", "dt", "ts");
  }

  @Test
  void withAndWithoutThemTheRowsAreTheSame() {
    var tally = new int[2];
    Seeds.each(Seeds.rounds(300, 30_000), random -> check(random, tally));
    if (System.getProperty("tarn.seed") == null) {
      assertThat(tally[0]).as("rows dropped").isPositive();
      assertThat(tally[1]).as("queries with rows").isPositive();
    }
  }

  private void check(Random random, int[] tally) {
    var rows = new Object[40][];
    Arrays.setAll(rows, i -> row(random));
    FilteringSource t = source(rows);
    List<Expr> filters = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      filters.add(filter(random));
    }
    List<String> expected;
    try {
      expected = rows(frame(t.plain()), filters);
    } catch (TarnException notComparable) {
      return; // with a filter pushed, the row that fails may not be read
    }
    assertThat(rows(frame(t), filters)).as("%s", filters).isEqualTo(expected);
    tally[0] += t.dropped;
    tally[1] += expected.isEmpty() ? 0 : 1;
  }

  private static List<String> rows(Frame frame, List<Expr> filters) {
    Frame filtered = frame;
    for (Expr filter : filters) {
      filtered = filtered.filter(filter);
    }
    return filtered.collect().stream().map(Object::toString).sorted().toList();
  }

  private static Expr filter(Random random) {
    Expr one = comparison(random);
    return switch (random.nextInt(6)) {
      case 0 -> one.and(comparison(random));
      case 1 -> one.or(comparison(random));
      case 2 -> one.not();
      default -> one;
    };
  }

  private static Expr comparison(Random random) {
    Expr column = col(SCHEMA.names().get(random.nextInt(SCHEMA.size())));
    Object value = VALUES[random.nextInt(VALUES.length)];
    return switch (random.nextInt(8)) {
      case 0 -> column.ne(value);
      case 1 -> column.lt(value);
      case 2 -> column.le(value);
      case 3 -> column.gt(value);
      case 4 -> column.ge(value);
      case 5 -> column.in(value, VALUES[random.nextInt(VALUES.length)]);
      case 6 -> lit(value).eq(column);
      default -> column.eq(value);
    };
  }

  private static Object[] row(Random random) {
    long whole = List.of(0L, 1L, -1L, 5L, 7L, Long.MAX_VALUE).get(random.nextInt(6));
    Object[] texts = {"", "a", "A", "a\nb", "it's", "é", "\uD83D\uDE00", "1", "z"};
    return new Object[] {
      random.nextInt(8) == 0 ? null : (int) Math.min(whole, Integer.MAX_VALUE),
      random.nextInt(8) == 0 ? null : whole,
      random.nextInt(8) == 0 ? null : texts[random.nextInt(texts.length)],
      random.nextInt(8) == 0 ? null : List.of(0.0, -0.0, 1.5, 1.0).get(random.nextInt(4)),
      random.nextInt(8) == 0 ? null : DAY.plusDays(random.nextInt(-1, 2)),
      random.nextInt(8) == 0 ? null : DAY.atStartOfDay().plusHours(random.nextInt(-24, 25))
    };
  }
}
