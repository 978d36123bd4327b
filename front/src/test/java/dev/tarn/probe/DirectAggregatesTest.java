package dev.tarn.probe;

import static dev.tarn.Columns.asc;
import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.min;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BLOB;
import static dev.tarn.type.DataType.DATE;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.INTEGER;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Source;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames that say themselves what aggregate they ask for, for which nothing is planned. */
class DirectAggregatesTest {

  private static final Schema SCHEMA =
      Schema.of(
          "Region", VARCHAR,
          "kind", VARCHAR,
          "amount", DOUBLE,
          "qty", BIGINT,
          "size", INTEGER,
          "day", DATE,
          "raw", BLOB);

  private static final long DOUBLES = 1L << 53;

  private static final List<Expr> CALLS =
      List.of(
          count(),
          count("amount"),
          count("KIND"),
          countDistinct("kind"),
          sum("amount"),
          sum("Qty"),
          sum("size"),
          min("amount"),
          max("amount"),
          min("day"),
          max("qty"),
          mean("qty"));

  /** By column, so that no two contradict each other: then nothing is left to ask for. */
  private static final List<List<Expr>> FILTERS =
      List.of(
          List.of(col("region").eq("eu"), col("REGION").eq("no such"), col("region").gt("a")),
          List.of(col("Kind").ne("x"), col("kind").in("x", "y")),
          List.of(
              col("qty").gt(1).and(col("qty").le(5L)), col("size").ge(0), col("qty").lt(DOUBLES)));

  private Tarn tarn;
  private AggregatingSource source;

  @BeforeEach
  void open() {
    tarn = Tarn.open();
    use(new Random(1), 60);
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private void use(Random random, int count) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < count; i++) {
      rows.add(
          FilteringSource.row(
              SCHEMA,
              any(random, "eu", "us", "", "EU"),
              any(random, "x", "y"),
              any(random, -1.25, 0.0, 2.5, 1e9),
              any(random, -3L, 0L, 2L, 5L, Long.MAX_VALUE),
              any(random, -1, 0, Integer.MAX_VALUE),
              any(random, LocalDate.of(2024, 2, 29), LocalDate.of(1969, 1, 1)),
              null));
    }
    source = new AggregatingSource(SCHEMA, rows);
  }

  private static Object any(Random random, Object... values) {
    int choice = random.nextInt(values.length + 1);
    return choice == values.length ? null : values[choice];
  }

  private Frame frame(Source of) {
    return Frame.of(new Plan.Scan(of), tarn.engine());
  }

  /** A query that only the engine understands: it is planned. */
  private Frame planned(Frame frame) {
    tarn.register("f", frame);
    return tarn.sql("SELECT * FROM f");
  }

  private static List<String> rows(Frame frame) {
    return frame.collect().stream().map(Object::toString).sorted().toList();
  }

  private static String shown(AggregateRequest request) {
    var sql = new ExprSql(DuckDbDialect.DUCKDB);
    return request + " " + request.filters().stream().map(sql::text).toList();
  }

  private void same(UnaryOperator<Frame> query) {
    Frame direct = query.apply(frame(source));
    Frame plain = query.apply(frame(source.plain()));
    assertThat(direct.schema()).isEqualTo(plain.schema());
    assertThat(rows(direct)).isEqualTo(rows(plain));
  }

  private void isDirect(UnaryOperator<Frame> query) {
    same(query);
    assertThat(source.answered).hasSize(1);
    assertThat(source.stubs).isZero();
    assertThat(source.planned).isZero();

    Frame direct = query.apply(frame(source));
    Frame planned = planned(direct);
    assertThat(rows(planned)).isEqualTo(rows(direct));
    assertThat(source.stubs).isEqualTo(1);
    assertThat(source.answered).hasSize(3);
    assertThat(source.answered.stream().map(DirectAggregatesTest::shown).distinct()).hasSize(1);
    assertThat(planned.schema()).isEqualTo(direct.schema());
  }

  @Test
  void rowsOfRandomFramesAndWhatTheyAskForAreTheSame() {
    Seeds.each(
        Seeds.rounds(80, 8_000),
        random -> {
          use(random, random.nextInt(60));
          isDirect(query(random));
        });
  }

  private static UnaryOperator<Frame> query(Random random) {
    var filters = new ArrayList<Expr>();
    for (List<Expr> ofColumn : FILTERS) {
      if (random.nextInt(3) == 0) {
        filters.add(ofColumn.get(random.nextInt(ofColumn.size())));
      }
    }
    List<Object[]> keys =
        List.of(
            new Object[0],
            new Object[] {"REGION"},
            new Object[] {col("kind").as("qty")},
            new Object[] {"kind", "region"},
            new Object[] {"day", col("day").as("amount")},
            new Object[] {col("region").as("kind"), col("kind").as("region")});
    Object[] groups = keys.get(random.nextInt(keys.size()));
    var calls = new ArrayList<Expr>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      calls.add(
          CALLS
              .get(random.nextInt(CALLS.size()))
              .as(i == 1 && random.nextBoolean() ? "size" : "c" + i));
    }
    int above = random.nextInt(6);
    int limit = random.nextInt(1, 5);
    return frame -> {
      Frame rows = frame;
      for (Expr filter : filters) {
        rows = rows.filter(filter);
      }
      Frame result = rows.groupBy(groups).agg(calls.toArray(Expr[]::new));
      List<String> names = result.schema().names();
      Object[] order = names.stream().map(name -> desc(name)).toArray();
      return switch (above) {
        case 0 -> result.sort(order).limit(limit, 1);
        case 1 -> result.select(col(names.getLast()).as("z"), col(names.getFirst()));
        case 2 -> result.filter(col(names.getLast()).isNotNull());
        case 3 -> result.sort(order).limit(limit).select(names.getFirst());
        default -> result;
      };
    };
  }

  @Test
  void aConditionOrAColumnOnTopMayBeAnything() {
    isDirect(frame ->
        frame
            .groupBy("region")
            .agg(sum("qty").as("qty"), count().as("n"))
            .filter("qty > 3 OR now() < TIMESTAMP '2000-01-01'")
            .select("region", col("qty").times(2).as("double"), "n")
            .sort(asc("n"), asc("region"))
            .limit(3));
  }

  @Test
  void whatIsNoColumnOrComparedOtherwiseIsPlannedAndEqual() {
    for (UnaryOperator<Frame> query :
        List.<UnaryOperator<Frame>>of(
            frame -> frame.groupBy("kind").agg(sum(col("qty").minus(1)).as("s")),
            frame -> frame.groupBy("kind").agg(sum("amount").plus(1).as("s")),
            frame -> frame.groupBy("kind").agg(sum("amount").where(col("size").eq(0)).as("s")),
            frame -> frame.groupBy(col("qty").minus(1).as("q")).agg(count().as("n")),
            frame -> frame.groupBy("kind").agg(sum("qty").onlyDistinct().as("s")),
            frame -> frame.groupBy("kind").agg(count("raw").as("n")),
            frame -> frame.groupBy("raw").agg(count().as("n")),
            frame -> frame.groupBy("kind").agg(count().as("__tarn_0")),
            frame -> frame.groupBy("kind").agg(),
            frame -> frame.filter(col("amount").gt(1)).groupBy("kind").agg(count().as("n")),
            frame -> frame.filter(col("qty").lt(DOUBLES + 1)).groupBy("kind").agg(count().as("n")),
            frame -> frame.filter(col("qty").gt(Long.MIN_VALUE + 1)).groupBy("kind").agg(count()),
            frame -> frame.filter(col("day").eq(LocalDate.EPOCH)).groupBy("kind").agg(count()),
            frame -> frame.filter(col("qty").isNull()).groupBy("kind").agg(count().as("n")),
            frame -> frame.select("kind").groupBy("kind").agg(count().as("n")),
            frame -> frame.distinct().groupBy("kind").agg(count().as("n")))) {
      use(new Random(2), 60);
      same(query);
      assertThat(source.stubs).isEqualTo(1);
    }
  }

  @Test
  void aSourceThatDeclinesIsAskedOnceAndReadInTheSameQuery() {
    source.declines = "it is too late";
    same(frame -> frame.filter(col("qty").gt(1)).groupBy("kind").agg(sum("amount").as("s")));
    assertThat(source.planned).isEqualTo(1);
    assertThat(source.declined).isEqualTo(1);
  }

  @Test
  void explainSaysTheSameOfTheSource() {
    Frame direct =
        frame(source).filter(col("qty").gt(1)).groupBy("kind").agg(sum("amount").as("s"));
    assertThat(tarn.plan(direct).sources()).hasSize(1);
    assertThat(tarn.plan(direct).sources().toString())
        .isEqualTo(tarn.plan(planned(direct)).sources().toString())
        .contains("it would be asked");
    assertThat(source.answered).isEmpty();
  }
}
