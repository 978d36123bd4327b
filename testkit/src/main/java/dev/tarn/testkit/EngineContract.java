package dev.tarn.testkit;

import static dev.tarn.Columns.*;
import static dev.tarn.testkit.FrameAssert.assertThat;
import static dev.tarn.testkit.FrameAssert.row;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.expr.Expr;
import dev.tarn.io.BatchSource;
import dev.tarn.io.RecordBatch;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Tally;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every engine must do, said as tests: each operation of a frame and each kind of expression
 * with an answer worked out by hand. An engine's test extends this.
 */
public abstract class EngineContract {

  /** The engine under test; made and closed by the subclass. */
  protected abstract Engine engine();

  /** Rows: id, region, amount, day; one region and one amount are null. */
  public record Sale(
      int id, @Nullable String region, @Nullable Double amount, LocalDate day, String status) {}

  /** Rows: region, manager; no row for north, one for a region without sales. */
  public record Region(@Nullable String region, String manager) {}

  private static final LocalDate JAN = LocalDate.of(2024, 1, 15);
  private static final LocalDate FEB = LocalDate.of(2024, 2, 1);
  private static final LocalDate MAR = LocalDate.of(2024, 3, 31);

  private static final List<Sale> SALES =
      List.of(
          new Sale(1, "north", 10.0, JAN, "new"),
          new Sale(2, "south", 20.0, JAN, "done"),
          new Sale(3, "south", 30.0, FEB, "new"),
          new Sale(4, "north", null, FEB, "done"),
          new Sale(5, null, 50.0, MAR, "done"),
          new Sale(6, "east", 50.0, MAR, "new"));

  private Frame sales() {
    return frame(Sale.class, SALES);
  }

  private Frame regions() {
    return frame(
        Region.class,
        List.of(
            new Region("south", "Ann"),
            new Region("east", "Bob"),
            new Region("west", "Cid"),
            new Region(null, "Nil")));
  }

  /** Records as a frame on the engine. */
  protected final <T extends Record> Frame frame(Class<T> type, List<T> records) {
    Batch batch = RecordBatch.of(type, records);
    return Frame.of(
        new Plan.Scan(new BatchSource(type.getSimpleName(), batch.schema(), List.of(batch))),
        engine());
  }

  private @Nullable Object value(Expr expr) {
    record One(int one) {}
    return frame(One.class, List.of(new One(1))).select(expr.as("v")).collect().value();
  }

  // ---- rows and columns

  @Test
  void filtersKeepRowsForWhichThePredicateIsTrue() {
    assertThat(sales().filter(col("amount").gt(20)).select("id")).hasRows(row(3), row(5), row(6));
    assertThat(sales().filter(col("amount").gt(20).not()).select("id")).hasRows(row(1), row(2));
    assertThat(sales().filter(col("region").isNull()).select("id")).hasRows(row(5));
    assertThat(sales().filter("amount BETWEEN 20 AND 30 OR status = 'x'").select("id"))
        .hasRows(row(2), row(3));
  }

  @Test
  void filtersAfterFiltersBothCount() {
    assertThat(
            sales()
                .filter("status = 'new' OR id = 2")
                .filter(col("amount").lt(40).or(col("id").eq(6)))
                .filter("id > 1 OR id < 0")
                .select("id"))
        .hasRows(row(2), row(3), row(6));
  }

  @Test
  void filtersByWindowsSeeTheRowsThatEarlierFiltersLeft() {
    Frame latest =
        sales()
            .filter(col("amount").isNotNull())
            .filter(rowNumber().over(partitionBy("region").orderBy(desc("id"))).eq(1));
    assertThat(latest.select("id").sort("id")).hasRows(row(1), row(3), row(5), row(6));
  }

  @Test
  void selectComputesFromTheColumnsThereWere() {
    assertThat(sales().select(col("id").plus(1).as("id"), col("id").times(2).as("twice")).limit(2))
        .hasColumns("id", "twice")
        .hasRows(row(2, 2), row(3, 4));
  }

  @Test
  void selectAfterSortKeepsTheOrderOfTheColumnThatIsGone() {
    assertThat(sales().sort(desc("id")).select(col("region").as("id")).limit(2))
        .hasRows(row("east"), row((Object) null));
  }

  @Test
  void sortAfterSelectSeesTheNewColumn() {
    assertThat(sales().select(col("id").negate().as("id")).sort("id").limit(2))
        .hasRows(row(-6), row(-5));
  }

  @Test
  void withColumnsReplacesInPlaceAndAddsAtTheEnd() {
    assertThat(
            sales()
                .select("id", "status")
                .withColumns(col("id").times(10).as("ID"), col("status").upper().as("shout"))
                .limit(1))
        .hasColumns("id", "status", "shout")
        .hasRows(row(10, "new", "NEW"));
  }

  @Test
  void dropAndRenameKeepTheRest() {
    assertThat(sales().drop("Amount", "day").rename("status", "state").limit(1))
        .hasColumns("id", "region", "state")
        .hasRows(row(1, "north", "new"));
    assertThat(
            sales().select("id", "status").rename(Map.of("id", "status", "status", "id")).limit(1))
        .hasColumns("status", "id")
        .hasRows(row(1, "new"));
  }

  @Test
  void unnamedExpressionsAreNamedByTheirText() {
    assertThat(sales().agg(count(), sum("id"))).hasColumns("count(*)", "sum(id)");
  }

  // ---- groups

  @Test
  void groupsHoldEqualKeysAndNullIsOne() {
    assertThat(
            sales()
                .groupBy("region")
                .agg(count().as("n"), sum("amount").as("total"), count("amount").as("known"))
                .sort("region"))
        .hasColumns("region", "n", "total", "known")
        .hasRows(
            row("east", 1L, 50.0, 1L),
            row("north", 2L, 10.0, 1L),
            row("south", 2L, 50.0, 2L),
            row(null, 1L, 50.0, 1L));
  }

  @Test
  void groupKeysMayBeExpressionsThatHideColumns() {
    assertThat(sales().groupBy(col("day").month().as("id")).agg(max("id").as("day")).sort("id"))
        .hasRows(row(1L, 2), row(2L, 4), row(3L, 6));
  }

  @Test
  void aFilterAfterAGroupSeesTheAggregates() {
    assertThat(
            sales()
                .groupBy("region")
                .agg(count().as("count"))
                .filter(col("count").gt(1))
                .sort("region"))
        .hasRows(row("north", 2L), row("south", 2L));
  }

  @Test
  void aggregatesOfNothingAreOneRow() {
    assertThat(sales().filter(lit(false)).agg(count().as("n"), sum("amount").as("s")))
        .hasRows(row(0L, null));
    assertThat(sales().select(count())).hasValue(6L);
  }

  @Test
  void aggregatesCanBeFilteredDistinctAndOrdered() {
    assertThat(
            sales()
                .agg(
                    count().where(col("status").eq("new")).as("new"),
                    countDistinct("amount").as("amounts"),
                    joinText("status", ",").onlyDistinct().orderedBy("status").as("states"),
                    listOf("id").where(col("id").lt(4)).orderedBy(desc("id")).as("ids"),
                    first("id").orderedBy(desc("day"), "id").as("latest")))
        .hasRows(row(3L, 4L, "done,new", List.of(3, 2, 1), 5));
  }

  @Test
  void aggregatesComputeWhatTheyAreNamedFor() {
    assertThat(
            sales()
                .agg(
                    mean("amount").as("mean"),
                    min("amount").as("min"),
                    max("day").as("max"),
                    median("amount").as("median"),
                    quantile("amount", 0.25).as("q25"),
                    minBy("id", "amount").as("cheapest"),
                    maxBy("status", "id").as("last"),
                    any(col("amount").gt(40)).as("any"),
                    all(col("id").gt(0)).as("all")))
        .hasRows(row(32.0, 10.0, MAR, 30.0, 20.0, 1, "new", true, true));
  }

  @Test
  void pivotMakesAColumnOfEachValue() {
    assertThat(
            sales()
                .groupBy("region")
                .pivot("status", "new", "done")
                .agg(sum("amount"))
                .sort("region"))
        .hasColumns("region", "new", "done")
        .hasRows(
            row("east", 50.0, null),
            row("north", 10.0, null),
            row("south", 30.0, 20.0),
            row(null, null, 50.0));
    assertThat(sales().groupBy().pivot("region").agg(count().as("n")))
        .hasColumns("east", "north", "south", "null")
        .hasRows(row(1L, 2L, 2L, 1L));
    assertThat(sales().groupBy().pivot("status", "new").agg(count().as("n"), max("id").as("last")))
        .hasColumns("new_n", "new_last")
        .hasRows(row(3L, 6));
  }

  // ---- joins

  @Test
  void innerJoinsPairEqualKeysAndNullEqualsNothing() {
    assertThat(sales().join(regions(), "region").select("id", "manager").sort("id"))
        .hasRows(row(2, "Ann"), row(3, "Ann"), row(6, "Bob"));
  }

  @Test
  void outerJoinsKeepRowsWithoutAMatch() {
    Frame left = sales().select("id", "region").filter(col("id").gt(3));
    assertThat(left.join(JoinKind.LEFT, regions(), "region").sort("id"))
        .hasColumns("id", "region", "manager")
        .hasRows(row(4, "north", null), row(5, null, null), row(6, "east", "Bob"));
    assertThat(left.join(JoinKind.RIGHT, regions(), "region").sort("manager"))
        .hasRows(
            row(null, "south", "Ann"),
            row(6, "east", "Bob"),
            row(null, "west", "Cid"),
            row(null, null, "Nil"));
    assertThat(left.join(JoinKind.FULL, regions(), "region").sort("id", "manager"))
        .hasRows(
            row(4, "north", null),
            row(5, null, null),
            row(6, "east", "Bob"),
            row(null, "south", "Ann"),
            row(null, "west", "Cid"),
            row(null, null, "Nil"));
  }

  @Test
  void semiAndAntiJoinsKeepColumnsOfTheLeft() {
    assertThat(sales().join(JoinKind.SEMI, regions(), "region").select("id").sort("id"))
        .hasRows(row(2), row(3), row(6));
    assertThat(sales().join(JoinKind.ANTI, regions(), "region").select("id").sort("id"))
        .hasRows(row(1), row(4), row(5));
  }

  @Test
  void crossJoinsPairAllRowsAndNamesOfTheRightGiveWay() {
    Frame pairs = sales().select("id").limit(2).crossJoin(sales().select("id").limit(2));
    assertThat(pairs.sort("id", "id_right"))
        .hasColumns("id", "id_right")
        .hasRows(row(1, 1), row(1, 2), row(2, 1), row(2, 2));
  }

  @Test
  void joinsOnConditionsSayTheSideOfEachColumn() {
    Frame later =
        sales()
            .select("id", "day")
            .join(
                JoinKind.INNER,
                sales().select("id", "day"),
                left("day").lt(right("day")).and(left("id").eq(1)));
    assertThat(later.select("id_right").sort("id_right")).hasRows(row(3), row(4), row(5), row(6));
    assertThatThrownBy(() -> sales().join(JoinKind.INNER, regions(), col("id").eq(1)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot join on column id: it does not say of which frame. Use left(\"id\") or right(\"id\").");
  }

  // ---- order, limits, duplicates

  @Test
  void sortsPutNullsLastUnlessSaid() {
    assertThat(sales().sort("amount", "id").select("id"))
        .hasRows(row(1), row(2), row(3), row(5), row(6), row(4));
    assertThat(sales().sort(desc("amount"), asc("id")).select("id").limit(3))
        .hasRows(row(5), row(6), row(3));
    assertThat(sales().sort(asc("amount").nullsFirst()).select("id").limit(1)).hasRows(row(4));
    assertThat(sales().sort(lit(1), desc("id")).select("id").limit(1)).hasRows(row(6));
  }

  @Test
  void theLastSortCountsAndLimitsBeforeItStay() {
    assertThat(sales().sort("id").limit(3).sort(desc("id")).select("id"))
        .hasRows(row(3), row(2), row(1));
    assertThat(sales().sort("id").limit(3, 2).limit(1, 1).select("id")).hasRows(row(4));
    assertThat(sales().sort("id").limit(3).filter(col("id").gt(2)).select("id")).hasRows(row(3));
    assertThat(sales().limit(0)).hasRows();
  }

  @Test
  void distinctKeepsEachRowOnce() {
    assertThat(sales().select("status").distinct().sort("status")).hasRows(row("done"), row("new"));
    assertThat(sales().distinctOn(List.of("region"), desc("id")).select("id").sort("id"))
        .hasRows(row(3), row(4), row(5), row(6));
    assertThat(sales().distinctOn("status").select(count())).hasValue(2L);
    assertThat(sales().select("status").distinct().filter(col("status").eq("new")))
        .hasRows(row("new"));
  }

  // ---- shape

  @Test
  void unionsMatchColumnsByName() {
    Frame a = sales().select("id", "status").limit(1);
    Frame b = sales().select(col("status"), col("region")).limit(1);
    assertThat(a.union(b, a))
        .hasColumns("id", "status", "region")
        .hasRowsInAnyOrder(row(1, "new", null), row(null, "new", "north"), row(1, "new", null));
  }

  @Test
  void unnestMakesARowOfEachElement() {
    record Tagged(int id, @Nullable List<String> tags) {}
    Frame tagged =
        frame(
            Tagged.class,
            List.of(
                new Tagged(1, List.of("a", "b")),
                new Tagged(2, List.of()),
                new Tagged(3, null),
                new Tagged(4, List.of("c"))));
    assertThat(tagged.unnest("tags").filter(col("tags").ne("b")).sort("id"))
        .hasRows(row(1, "a"), row(4, "c"));
    assertThat(tagged.unnest("tags").limit(2)).hasRows(row(1, "a"), row(1, "b"));
  }

  @Test
  void unpivotMakesARowOfEachColumnAndKeepsNulls() {
    record Quarter(String region, @Nullable Integer q1, Integer q2) {}
    Frame quarters =
        frame(Quarter.class, List.of(new Quarter("n", 1, 2), new Quarter("s", null, 4)));
    assertThat(quarters.unpivot(List.of("q1", "q2"), "quarter", "amount").sort("region", "quarter"))
        .hasColumns("region", "quarter", "amount")
        .hasRows(row("n", "q1", 1), row("n", "q2", 2), row("s", "q1", null), row("s", "q2", 4));
  }

  @Test
  void samplesAreRowsOfTheFrame() {
    assertThat(sales().sample(2).select(count())).hasValue(2L);
    assertThat(sales().sample(100).select(count())).hasValue(6L);
    assertThat(sales().samplePercent(100).select(count())).hasValue(6L);
    assertThat(sales().samplePercent(0).select(count())).hasValue(0L);
  }

  @Test
  void describeHasARowForEachColumn() {
    Assertions.assertThat(sales().describe().collect().column("column_name"))
        .containsExactly("id", "region", "amount", "day", "status");
    Assertions.assertThat(sales().describe().columns())
        .isEqualTo(sales().describe().collect().schema().names());
  }

  @Test
  void sqlSeesTheFrameAsThis() {
    assertThat(
            sales()
                .sql(
                    "SELECT status, max(id) AS last FROM this WHERE id < ? GROUP BY 1 ORDER BY 1",
                    6))
        .hasRows(row("done", 5), row("new", 3));
  }

  @Test
  void talliesCountTheRowsThatPass() {
    try (Tally tally = engine().tally();
        Tally other = engine().tally()) {
      Frame done = sales().filter(col("status").eq("done"));
      Plan counted = tally.counted(done.plan(), col("id").cast(DataType.BIGINT));
      Frame sorted = Frame.of(counted, engine()).select("id").sort("id");
      Assertions.assertThat(sorted.collect().column("id")).containsExactly(2, 4, 5);
      Assertions.assertThat(tally.rows()).isEqualTo(3);
      Assertions.assertThat(tally.sum()).isEqualTo(11);
      Assertions.assertThat(other.rows()).isZero();
    }
  }

  @Test
  void talliesCountEqualRowsEachAndAddMoreThanALongHolds() {
    Sale same = SALES.getFirst();
    Frame rows = frame(Sale.class, Collections.nCopies(10_000, same));
    BigInteger many = BigInteger.valueOf(10_000);
    for (long number : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0}) {
      try (Tally tally = engine().tally()) {
        Frame counted = Frame.of(tally.counted(rows.plan(), lit(number)), engine());
        Assertions.assertThat(counted.collect().size()).isEqualTo(10_000);
        Assertions.assertThat(tally.rows()).isEqualTo(10_000);
        Assertions.assertThat(tally.sum()).isEqualTo(BigInteger.valueOf(number).multiply(many));
      }
    }
  }

  // ---- expressions

  @Test
  void arithmeticIsThatOfSql() {
    Assertions.assertThat(value(lit(7).plus(2).times(3))).isEqualTo(27);
    Assertions.assertThat(value(lit(7).dividedBy(2))).isEqualTo(3.5);
    Assertions.assertThat(value(lit(7).integerDividedBy(2))).isEqualTo(3);
    Assertions.assertThat(value(lit(-7).modulo(4))).isEqualTo(-3);
    Assertions.assertThat(value(lit(-7).negate())).isEqualTo(7);
    Assertions.assertThat(value(lit(-7).abs())).isEqualTo(7);
    Assertions.assertThat(value(lit(2).minus(lit(3).minus(4)))).isEqualTo(3);
    Assertions.assertThat(value(lit(2.345).round(2))).isEqualTo(2.35);
    Assertions.assertThat(value(lit(null).plus(1))).isNull();
    Assertions.assertThat(value(greatest(1, lit(5), 3))).isEqualTo(5);
  }

  @Test
  void booleansHaveThreeValues() {
    Expr unknown = nullOf(DataType.BOOLEAN);
    Assertions.assertThat(value(unknown.and(lit(false)))).isEqualTo(false);
    Assertions.assertThat(value(unknown.or(lit(true)))).isEqualTo(true);
    Assertions.assertThat(value(unknown.and(lit(true)))).isNull();
    Assertions.assertThat(value(unknown.not())).isNull();
    Assertions.assertThat(value(lit(null).same(null))).isEqualTo(true);
    Assertions.assertThat(value(lit(1).different(null))).isEqualTo(true);
    Assertions.assertThat(value(lit(1).in(List.of()))).isEqualTo(false);
    Assertions.assertThat(value(lit(2).in(1, 2))).isEqualTo(true);
    Assertions.assertThat(value(lit(true).or(lit(true)).and(lit(false)))).isEqualTo(false);
    Assertions.assertThat(value(lit(2).between(1, 2))).isEqualTo(true);
  }

  @Test
  @SuppressWarnings("NullAway") // what it is about
  void comparingWithNullIsRefused() {
    assertThatThrownBy(() -> col("x").eq(null))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot compare with null: the answer is never true. Use isNull(), isNotNull() or same(…).");
  }

  @Test
  void textFunctionsCountCharacters() {
    Assertions.assertThat(value(lit("Grüße").length())).isEqualTo(5L);
    Assertions.assertThat(value(lit("Grün").upper())).isEqualTo("GRÜN");
    Assertions.assertThat(value(lit("abcdef").substring(2, 3))).isEqualTo("bcd");
    Assertions.assertThat(value(lit(" x ").trim())).isEqualTo("x");
    Assertions.assertThat(value(lit("abc").startsWith("ab"))).isEqualTo(true);
    Assertions.assertThat(value(lit("abc").endsWith("bc"))).isEqualTo(true);
    Assertions.assertThat(value(lit("abc").contains("%"))).isEqualTo(false);
    Assertions.assertThat(value(lit("a.c").replace(".", "b"))).isEqualTo("abc");
    Assertions.assertThat(value(lit("a,b").split(","))).isEqualTo(List.of("a", "b"));
    Assertions.assertThat(value(lit("abc").like("A%"))).isEqualTo(false);
    Assertions.assertThat(value(lit("abc").ilike("A%"))).isEqualTo(true);
    Assertions.assertThat(value(lit("a1b").matchesRegex("[0-9]"))).isEqualTo(true);
    Assertions.assertThat(value(lit("a12b").extractRegex("([0-9]+)", 1))).isEqualTo("12");
    Assertions.assertThat(value(lit("a").concat(1))).isEqualTo("a1");
  }

  @Test
  void datesAndTimesHaveParts() {
    Expr day = lit(LocalDate.of(2024, 2, 29));
    Expr time = lit(LocalDateTime.of(2024, 2, 29, 13, 45, 30));
    Assertions.assertThat(value(day.year())).isEqualTo(2024L);
    Assertions.assertThat(value(day.quarter())).isEqualTo(1L);
    Assertions.assertThat(value(day.month())).isEqualTo(2L);
    Assertions.assertThat(value(day.day())).isEqualTo(29L);
    Assertions.assertThat(value(day.weekday())).isEqualTo(4L);
    Assertions.assertThat(value(time.hour())).isEqualTo(13L);
    Assertions.assertThat(value(time.minute())).isEqualTo(45L);
    Assertions.assertThat(value(time.truncatedTo("hour").cast(DataType.TIMESTAMP)))
        .isEqualTo(LocalDateTime.of(2024, 2, 29, 13, 0));
    Assertions.assertThat(value(day.plus(months(12)).cast(DataType.DATE)))
        .isEqualTo(LocalDate.of(2025, 2, 28));
    Assertions.assertThat(value(time.minus(hours(14)).cast(DataType.TIMESTAMP)))
        .isEqualTo(LocalDateTime.of(2024, 2, 28, 23, 45, 30));
    Assertions.assertThat(value(day.until(LocalDate.of(2024, 3, 1), "day"))).isEqualTo(1L);
    Assertions.assertThat(value(day.format("%d.%m.%Y"))).isEqualTo("29.02.2024");
    Assertions.assertThat(value(lit("29.02.2024").parseTimestamp("%d.%m.%Y").cast(DataType.DATE)))
        .isEqualTo(LocalDate.of(2024, 2, 29));
  }

  @Test
  void castsFailOrYieldNull() {
    Assertions.assertThat(value(lit("12").cast(DataType.BIGINT))).isEqualTo(12L);
    Assertions.assertThat(value(lit("x").tryCast(DataType.BIGINT))).isNull();
    Assertions.assertThat(value(lit("1.25").cast(DataType.decimal(5, 2))))
        .isEqualTo(new BigDecimal("1.25"));
    assertThatThrownBy(() -> value(lit("x").cast(DataType.BIGINT)))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("'x'");
  }

  @Test
  void conditionalsTakeTheFirstBranchThatHolds() {
    assertThat(
            sales()
                .select(
                    col("id"),
                    when(col("amount").gt(40))
                        .then("big")
                        .when(col("amount").gt(15))
                        .then("mid")
                        .otherwise("small")
                        .as("size"))
                .sort("id"))
        .hasRows(
            row(1, "small"),
            row(2, "mid"),
            row(3, "mid"),
            row(4, "small"),
            row(5, "big"),
            row(6, "big"));
    Assertions.assertThat(value(when(lit(false)).then(1))).isNull();
    Assertions.assertThat(value(coalesce(lit(null), lit(null), 3))).isEqualTo(3);
    Assertions.assertThat(value(lit(null).orElse("x"))).isEqualTo("x");
    Assertions.assertThat(value(lit(3).nullIf(3))).isNull();
  }

  @Test
  void listsAndStructsCanBeMadeAndTakenApart() {
    Expr numbers = lit(List.of(10, 20, 30));
    Assertions.assertThat(value(numbers.element(1))).isEqualTo(10);
    Assertions.assertThat(value(numbers.element(-1))).isEqualTo(30);
    Assertions.assertThat(value(numbers.element(9))).isNull();
    Assertions.assertThat(value(numbers.length())).isEqualTo(3L);
    Expr point = struct(lit(1).as("x"), lit("a").as("y z"));
    Assertions.assertThat(value(point)).isEqualTo(Map.of("x", 1, "y z", "a"));
    Assertions.assertThat(value(point.member("y z"))).isEqualTo("a");
    Assertions.assertThat(value(list(1, 2))).isEqualTo(List.of(1, 2));
  }

  @Test
  void windowsSeeTheirPartitionAndFrame() {
    assertThat(
            sales()
                .select(
                    col("id"),
                    rowNumber().over(partitionBy("status").orderBy(desc("id"))).as("n"),
                    sum("id").over(orderBy("id").rowsBetween(preceding(1), currentRow())).as("two"),
                    sum("amount")
                        .over(orderBy("day").rangeBetween(days(20).preceding(), currentRow()))
                        .as("recent"),
                    lag("id", 1).over(orderBy("id")).as("before"),
                    count()
                        .over(orderBy("day").groupsBetween(currentRow(), unboundedFollowing()))
                        .as("left"))
                .sort("id"))
        .hasRows(
            row(1, 3L, new BigInteger("1"), 30.0, null, 6L),
            row(2, 3L, new BigInteger("3"), 30.0, 1, 6L),
            row(3, 2L, new BigInteger("5"), 60.0, 2, 4L),
            row(4, 2L, new BigInteger("7"), 60.0, 3, 4L),
            row(5, 1L, new BigInteger("9"), 100.0, 4, 2L),
            row(6, 1L, new BigInteger("11"), 100.0, 5, 2L));
    assertThat(
            sales()
                .select(
                    col("id"),
                    rank().over(orderBy(desc("amount"))).as("rank"),
                    denseRank().over(orderBy(desc("amount"))).as("dense"),
                    ntile(3).over(orderBy("id")).as("tile"))
                .sort("id"))
        .hasRows(
            row(1, 5L, 4L, 1L),
            row(2, 4L, 3L, 1L),
            row(3, 3L, 2L, 2L),
            row(4, 6L, 5L, 2L),
            row(5, 1L, 1L, 3L),
            row(6, 1L, 1L, 3L));
  }

  // ---- values

  @Test
  void literalsComeBackAsTheyWere() {
    for (Object value :
        List.of(
            true,
            0,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            new BigInteger("-170141183460469231731687303715884105728"),
            new BigDecimal("-0.001"),
            new BigDecimal("99999999999999999999999999999999999999"),
            0.1,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            1.1f,
            "",
            "it's \"quoted\" \\ % -- /* */ ; \n\t é 🎈 $1 ? :x {}",
            "null\0inside\0",
            LocalDate.of(1, 1, 1),
            LocalDate.of(-43, 3, 15),
            LocalDate.of(12345, 6, 7),
            LocalTime.of(23, 59, 59, 999_999_000),
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 123_456_000),
            OffsetDateTime.of(2024, 1, 1, 0, 0, 0, 1000, ZoneOffset.UTC),
            UUID.fromString("00000000-0000-0000-0000-0000000000ff"),
            List.of("a", "b'c"))) {
      Object back = value(lit(value));
      Assertions.assertThat(back).as(value.getClass().getSimpleName()).isEqualTo(value);
    }
    Assertions.assertThat((byte[]) value(lit(new byte[] {0, -1, 39}))).containsExactly(0, -1, 39);
    Assertions.assertThat(
            value(lit(OffsetDateTime.of(2024, 7, 1, 2, 0, 0, 0, ZoneOffset.ofHours(2)))))
        .isEqualTo(OffsetDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneOffset.UTC));
  }

  /** All that a record can hold. */
  public record Everything(
      boolean flag,
      byte tiny,
      short small,
      int whole,
      long large,
      BigInteger huge,
      float single,
      double real,
      BigDecimal exact,
      String text,
      byte[] bytes,
      LocalDate day,
      LocalTime time,
      LocalDateTime moment,
      java.time.Instant instant,
      UUID uuid,
      List<Integer> list,
      Optional<String> maybe,
      JoinKind constant,
      Inner inner) {}

  /** A struct. */
  public record Inner(int a, @Nullable List<String> b) {}

  @Test
  void recordsGoInAndComeOutAsTheyWere() {
    var one =
        new Everything(
            true,
            (byte) -128,
            Short.MAX_VALUE,
            -1,
            Long.MIN_VALUE,
            BigInteger.TWO.pow(100),
            1.5f,
            0.1,
            new BigDecimal("12.340"),
            "x\0'\n🎈",
            new byte[] {0, 1, -1},
            LocalDate.EPOCH,
            LocalTime.of(1, 2, 3),
            LocalDateTime.of(2000, 1, 2, 3, 4, 5, 6000),
            java.time.Instant.parse("2024-01-01T00:00:00.000001Z"),
            UUID.randomUUID(),
            Arrays.asList(1, null, 3),
            Optional.of("m"),
            JoinKind.ANTI,
            new Inner(7, List.of("p\"q", "r,s")));
    var other =
        new Everything(
            false,
            (byte) 1,
            (short) 1,
            1,
            1,
            BigInteger.ONE,
            0,
            0,
            new BigDecimal("1"),
            "",
            new byte[0],
            LocalDate.MAX.withYear(9999),
            LocalTime.MIDNIGHT,
            LocalDateTime.of(1, 1, 1, 0, 0),
            java.time.Instant.EPOCH,
            new UUID(0, 0),
            List.of(),
            Optional.empty(),
            JoinKind.FULL,
            new Inner(0, null));
    List<Everything> back = frame(Everything.class, List.of(one, other)).collect(Everything.class);
    Assertions.assertThat(back).hasSize(2);
    Assertions.assertThat(back.get(0))
        .usingRecursiveComparison()
        .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .isEqualTo(one);
    Assertions.assertThat(back.get(1))
        .usingRecursiveComparison()
        .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .isEqualTo(other);
  }

  @Test
  void rowsAreReadByNameAndType() {
    Row first = sales().sort("id").collect().row(0);
    Assertions.assertThat(first.intValue("ID")).isEqualTo(1);
    Assertions.assertThat(first.longValue("id")).isEqualTo(1L);
    Assertions.assertThat(first.doubleValue("amount")).isEqualTo(10.0);
    Assertions.assertThat(first.text("region")).isEqualTo("north");
    Assertions.assertThat(first.date("day")).isEqualTo(JAN);
    Assertions.assertThat(first.as("id", BigInteger.class)).isEqualTo(BigInteger.ONE);
    Row fourth = sales().sort("id").collect().row(3);
    Assertions.assertThat(fourth.isNull("amount")).isTrue();
    assertThatThrownBy(() -> fourth.doubleValue("amount"))
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot read column amount as a number: it is null. Ask isNull first, or use coalesce.");
    assertThatThrownBy(() -> first.text("regoin"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read column regoin: the row has id, region, amount, day, status. Did you mean region?");
  }

  @Test
  void recordsSayWhichColumnIsMissingOrNull() {
    record Wrong(int id, String name) {}
    record Strict(double amount) {}
    assertThatThrownBy(() -> sales().collect(Wrong.class))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Cannot collect into Wrong column name: the frame has id, region");
    assertThatThrownBy(() -> sales().collect(Strict.class))
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot collect column amount into double: a value is null. Use Double or Optional, or coalesce.");
  }

  // ---- running

  @Test
  void batchesHoldAtMostWhatWasAskedFor() {
    record N(long n) {}
    List<N> many = IntStream.range(0, 10_000).mapToObj(N::new).toList();
    try (Batches batches = frame(N.class, many).batches(3_000)) {
      long rows = 0;
      for (Batch batch : batches) {
        Assertions.assertThat(batch.size()).isBetween(1, 3_000);
        rows += batch.size();
      }
      Assertions.assertThat(rows).isEqualTo(10_000);
    }
    try (Stream<Row> stream = frame(N.class, many).sort("n").stream()) {
      Assertions.assertThat(stream.skip(9_999).findFirst().orElseThrow().longValue("n"))
          .isEqualTo(9_999L);
    }
  }

  @Test
  void orderOutlivesSelectsAndLimitsOverManyRows() {
    record N(long n, long other) {}
    List<N> many =
        IntStream.range(0, 300_000).mapToObj(i -> new N(i, (i * 7919L) % 300_007)).toList();
    Frame sorted =
        frame(N.class, many).sort("other").select("n", "other").filter(col("n").ge(0)).drop("n");
    List<@Nullable Object> values = sorted.collect().column("other");
    Assertions.assertThat(values).hasSize(300_000);
    for (int i = 1; i < values.size(); i++) {
      Assertions.assertThat((Long) values.get(i)).isGreaterThan((Long) values.get(i - 1));
    }
  }

  @Test
  void wrongColumnsFailAsTheFrameIsBuilt() {
    assertThatThrownBy(() -> sales().select("id", "regiom"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot select column regiom: [Sale] has id, region, amount, day, status. Did you mean region?");
    assertThatThrownBy(() -> sales().filter(col("amuont").gt(1)))
        .hasMessageStartingWith("Cannot filter by column amuont: [Sale] has")
        .hasMessageEndingWith("Did you mean amount?");
    assertThatThrownBy(() -> sales().groupBy("x").agg(count()))
        .hasMessageStartingWith("Cannot group by column x");
    assertThatThrownBy(() -> sales().groupBy("id").agg(sum("amont")))
        .hasMessageStartingWith("Cannot aggregate column amont");
    assertThatThrownBy(() -> sales().sort("nope"))
        .hasMessageStartingWith("Cannot sort by column nope");
    assertThatThrownBy(() -> sales().drop("nope"))
        .hasMessageStartingWith("Cannot drop column nope");
    assertThatThrownBy(() -> sales().join(regions(), "id"))
        .hasMessageStartingWith("Cannot join on column id: [Region] has region, manager");
    assertThatThrownBy(() -> sales().filter("amuont > 1"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("there is no column amuont")
        .hasMessageContaining("Did you mean amount?");
    assertThatThrownBy(() -> sales().select(col("id"), col("region").as("ID")))
        .hasMessage("Cannot name two columns ID. Give one another name with as(…).");
  }

  @Test
  void typesAreTheEnginesToSay() {
    Assertions.assertThat(
            sales()
                .select(col("id").dividedBy(2).as("half"), sum("id").over(allRows()).as("s"))
                .schema()
                .toString())
        .isEqualTo("half DOUBLE\ns HUGEINT");
    assertThatThrownBy(() -> sales().select(col("day").plus(col("status"))).schema())
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void aQueryThatTakesTooLongIsCancelled() {
    record N(long n) {}
    Frame numbers = frame(N.class, IntStream.range(0, 5_000).mapToObj(N::new).toList());
    Frame endless =
        numbers.crossJoin(numbers).crossJoin(numbers).agg(sum(sql("n * n_right % 7")).as("s"));
    assertThatThrownBy(() -> endless.timeout(Duration.ofMillis(200)).collect())
        .isInstanceOf(LimitExceeded.class)
        .hasMessage("Cannot run the query: its time ran out. Allow more, or ask for less.");
    assertThat(sales().select(count())).hasValue(6L);
  }

  @Test
  void errorsInTheMiddleOfAResultAreNeverAShorterResult() {
    record N(long n) {}
    List<N> many = IntStream.range(0, 400_000).mapToObj(N::new).toList();
    Frame failing =
        frame(N.class, many)
            .select(
                when(col("n").eq(399_000))
                    .then(lit("x"))
                    .otherwise("1")
                    .cast(DataType.BIGINT)
                    .as("v"));
    assertThatThrownBy(failing::collect).isInstanceOf(BadData.class).hasMessageContaining("'x'");
    assertThatThrownBy(() -> failing.select(list("v").as("l")).collect())
        .isInstanceOf(BadData.class)
        .hasMessageContaining("'x'");
  }
}
