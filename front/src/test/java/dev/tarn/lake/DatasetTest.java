package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.sum;
import static dev.tarn.lake.Options.identity;
import static dev.tarn.lake.Options.month;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.set;
import static dev.tarn.lake.Options.sortedBy;
import static dev.tarn.lake.Options.truncateNanos;
import static dev.tarn.lake.Options.where;
import static dev.tarn.type.DataType.INTEGER;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.Schema;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a dataset does, one operation at a time. */
class DatasetTest extends LakeTest {

  private Frame rows(int from, int to) {
    return tarn.sql(
        "SELECT i::BIGINT AS id, 'name ' || i AS name, DATE '2024-01-01' + (i % 90)::INTEGER AS day,"
            + " i * 1.5 AS amount FROM range(?, ?) r(i)",
        from, to);
  }

  @Test
  void aFrameBecomesADatasetAndIsReadBack() {
    Dataset sales = tarn.create("sales", rows(0, 1000));
    assertThat(rows(sales.frame())).isEqualTo(1000);
    assertThat(sales.frame().columns()).containsExactly("id", "name", "day", "amount");
    assertThat(tarn.sql("SELECT sum(id) FROM sales").collect().value())
        .isEqualTo(java.math.BigInteger.valueOf(499_500));
    assertThat(tarn.lake().datasets()).containsExactly("sales");
    assertThat(sales.history()).hasSize(1);
  }

  @Test
  void appendsAddUpAndEachIsAVersion() {
    Dataset sales = tarn.create("sales", rows(0, 10));
    Committed second = sales.append(rows(10, 30));
    assertThat(second.rowsAdded()).isEqualTo(20);
    sales.append(rows(30, 31));
    assertThat(rows(sales.frame())).isEqualTo(31);
    assertThat(rows(sales.at(second.snapshot()))).isEqualTo(30);
    assertThat(sales.history()).extracting(SnapshotInfo::rows).containsExactly(10L, 30L, 31L);
    try (Tarn again = Tarn.open(folder.resolve("lake"))) {
      again.dataset("sales").append(rows(100, 101));
      assertThat(rows(again.dataset("sales").frame())).isEqualTo(32);
    }
    assertThat(rows(sales.frame())).isEqualTo(32);
  }

  @Test
  void aFrameReadsTheNewestVersionEachTimeAndOneVersionInOneQuery() {
    Dataset sales = tarn.create("sales", rows(0, 10));
    Frame all = sales.frame();
    assertThat(rows(all)).isEqualTo(10);
    sales.append(rows(10, 15));
    assertThat(rows(all)).isEqualTo(15);
    assertThat(rows(all.join(sales.frame(), "id"))).isEqualTo(15);
  }

  @Test
  void aQueryOpensOnlyTheFilesThatCanMatch() {
    Dataset sales = tarn.create("sales", rows(0, 900), partitionedBy(month("day")), sortedBy("id"));
    QueryPlan plan = tarn.plan(tarn.sql("SELECT * FROM sales WHERE day = DATE '2024-02-10'"));
    assertThat(plan.pushes(QueryPlan.Pushdown.FILES)).isTrue();
    assertThat(plan.sources().getFirst().filesKept()).hasValue(1);
    assertThat(plan.sources().getFirst().filesTotal()).hasValue(3);
    assertThat(rows(sales.frame().filter(col("day").eq(java.time.LocalDate.of(2024, 2, 10)))))
        .isEqualTo(10);
  }

  @Test
  void anOverwriteReplacesAll() {
    Dataset sales = tarn.create("sales", rows(0, 100));
    Committed done = sales.overwrite(rows(5, 8));
    assertThat(ids(sales.frame())).containsExactly(5L, 6L, 7L);
    assertThat(done.rowsRemoved()).isEqualTo(100);
    assertThat(rows(sales.at(sales.history().getFirst().snapshot()))).isEqualTo(100);
  }

  @Test
  void anOverwriteByPredicateReplacesWhatItNames() {
    Dataset sales = tarn.create("sales", rows(0, 100));
    sales.overwrite(rows(90, 95), where("id >= 50"));
    assertThat(rows(sales.frame())).isEqualTo(55);
    assertThat(rows(sales.frame().filter("id >= 50"))).isEqualTo(5);
    assertThatThrownBy(() -> sales.overwrite(rows(40, 95), where("id >= 50")))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("the predicate is not true for one of the new rows");
    assertThat(rows(sales.frame())).isEqualTo(55);
  }

  @Test
  void rowsAreDeletedByPredicate() {
    Dataset sales = tarn.create("sales", rows(0, 100), partitionedBy(month("day")));
    sales.delete(col("id").lt(10).or(col("day").ge(java.time.LocalDate.of(2024, 3, 1))));
    assertThat(rows(sales.frame().filter("id < 10"))).isZero();
    assertThat(rows(sales.frame()))
        .isEqualTo(rows(rows(0, 100).filter("id >= 10 AND day < DATE '2024-03-01'")));
    Committed nothing = sales.delete(where("id = 12345"));
    assertThat(nothing.filesRemoved()).isZero();
    assertThat(sales.history()).hasSize(2);
  }

  @Test
  void aRowForWhichThePredicateIsNullStays() {
    Dataset t =
        tarn.create("t", tarn.sql("SELECT * FROM (VALUES (1, 5), (2, NULL), (3, 7)) v(id, x)"));
    t.delete(col("x").gt(6));
    assertThat(ids(t.frame())).containsExactly(1, 2);
  }

  @Test
  void rowsAreUpdatedByPredicate() {
    Dataset sales = tarn.create("sales", rows(0, 100), partitionedBy(month("day")));
    sales.update(
        col("id").lt(3),
        set("name", "few"),
        set("amount", col("amount").plus(col("id"))),
        set("day", java.time.LocalDate.of(2030, 1, 1)));
    assertThat(rows(sales.frame())).isEqualTo(100);
    assertThat(rows(sales.frame().filter("name = 'few' AND day = DATE '2030-01-01'"))).isEqualTo(3);
    assertThat(sales.frame().filter("id = 2").collect().row(0).value("amount").toString())
        .isEqualTo("5.0");
    assertThatThrownBy(() -> sales.update(lit(true), set("nome", 1)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("Did you mean name?");
  }

  @Test
  void aWriteKeepsTheColumnsOrSaysWhatIsWrong() {
    Dataset sales = tarn.create("sales", rows(0, 3));
    assertThatThrownBy(() -> sales.append(rows(3, 4).withColumns(lit(1).as("nam"))))
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot append to [sales]: it has no column nam; it has id, name, day, amount. Did you mean name?"
                + " Say evolve() to add it, or drop it from the frame.");
    sales.append(tarn.sql("SELECT 7::SMALLINT AS ID"));
    Row row = sales.frame().filter("id = 7").collect().row(0);
    assertThat(row.isNull("name")).isTrue();
    assertThat(row.value("id")).isEqualTo(7L);
  }

  @Test
  void aValueThatDoesNotFitIsNamedWithItsRow() {
    Dataset t =
        tarn.create(
            "t", Schema.of("id", INTEGER, "s", VARCHAR, "d", dev.tarn.type.DataType.decimal(6, 2)));
    assertThatThrownBy(
            () -> t.append(tarn.sql("SELECT * FROM (VALUES ('1'), ('2'), ('abc')) v(id)")))
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot append to [t]: value 'abc' of column id in row 3 does not fit INTEGER without loss."
                + " Cast or round it before, or widen the column.");
    assertThatThrownBy(() -> t.append(tarn.sql("SELECT 1.5::DOUBLE AS id")))
        .hasMessageContaining("value 1.5 of column id in row 1");
    assertThatThrownBy(() -> t.append(tarn.sql("SELECT '1.239' AS d")))
        .hasMessageContaining("value '1.239' of column d in row 1");
    assertThatThrownBy(() -> t.append(tarn.sql("SELECT 5000000000 AS id")))
        .hasMessageContaining("value 5000000000 of column id in row 1");
    assertThat(rows(t.frame())).isZero();
    t.append(tarn.sql("SELECT ' 12 ' AS id, 7 AS s, '1.50' AS d"));
    assertThat(t.frame().collect().row(0).value("s")).isEqualTo("7");
  }

  @Test
  void timestampsStayWhatTheyAre() {
    Dataset t =
        tarn.create(
            "t",
            tarn.sql(
                "SELECT TIMESTAMP '2024-01-01 10:00:00.123456' AS a, TIMESTAMPTZ '2024-01-01 10:00:00+02' AS b"));
    Row row = t.frame().collect().row(0);
    assertThat(row.value("a").toString()).isEqualTo("2024-01-01T10:00:00.123456");
    assertThat(row.value("b").toString()).isEqualTo("2024-01-01T08:00Z");
    assertThatThrownBy(() -> t.append(tarn.sql("SELECT TIMESTAMPTZ '2024-01-01 10:00:00+02' AS a")))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("only you know the zone");
    Frame nanos = tarn.sql("SELECT '2024-01-01 10:00:00.123456789'::TIMESTAMP_NS AS a");
    assertThatThrownBy(() -> t.append(nanos)).isInstanceOf(BadData.class);
    t.append(nanos, truncateNanos());
    assertThat(rows(t.frame().filter("a = TIMESTAMP '2024-01-01 10:00:00.123456'"))).isEqualTo(2);
  }

  @Test
  void oldVersionsAreReadByNumberTimeTagAndInSql() throws Exception {
    Dataset t = tarn.create("t", rows(0, 5));
    long first = t.history().getFirst().snapshot();
    t.tag("v1");
    Thread.sleep(20);
    Instant between = Instant.now();
    Thread.sleep(20);
    t.append(rows(5, 9));
    assertThat(rows(t.at(first))).isEqualTo(5);
    assertThat(rows(t.at("v1"))).isEqualTo(5);
    assertThat(rows(t.asOf(between))).isEqualTo(5);
    assertThat(rows(tarn.sql("SELECT * FROM t AT (VERSION => " + first + ")"))).isEqualTo(5);
    assertThat(rows(tarn.sql("SELECT * FROM t AT (VERSION => 'v1')"))).isEqualTo(5);
    assertThat(rows(tarn.sql("SELECT * FROM t AT (TIMESTAMP => '" + between + "')"))).isEqualTo(5);
    assertThat(rows(tarn.sql("SELECT * FROM t EXCEPT SELECT * FROM t AT (VERSION => 'v1')")))
        .isEqualTo(4);
    assertThatThrownBy(() -> t.at(17)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> t.asOf(Instant.EPOCH)).isInstanceOf(InvalidRequest.class);
    t.rollbackTo(first);
    assertThat(rows(t.frame())).isEqualTo(5);
  }

  @Test
  void branchesAreWrittenBesideMain() {
    Dataset t = tarn.create("t", rows(0, 5));
    Dataset trial = t.createBranch("trial").onBranch("trial");
    trial.append(rows(5, 7));
    trial.delete(where("id = 0"));
    assertThat(rows(t.frame())).isEqualTo(5);
    assertThat(rows(trial.frame())).isEqualTo(6);
    assertThat(rows(t.at("trial"))).isEqualTo(6);
    t.fastForward("trial");
    assertThat(rows(t.frame())).isEqualTo(6);
    t.dropRef("trial");
    assertThat(t.refs()).containsOnlyKeys("main");
  }

  @Test
  void changesBetweenVersionsAreNetted() {
    Dataset t = tarn.create("t", rows(0, 5));
    long first = t.history().getFirst().snapshot();
    t.append(rows(5, 7));
    t.update(where("id = 1"), set("name", "new"));
    t.delete(where("id = 0"));
    long last = t.history().getLast().snapshot();
    Frame changes = t.changes(first, last);
    assertThat(
            changes.sort("id", "_change").collect().stream()
                .map(r -> r.value("_change") + " " + r.value("id") + " " + r.value("name")))
        .containsExactly(
            "delete 0 name 0",
            "delete 1 name 1",
            "insert 1 new",
            "insert 5 name 5",
            "insert 6 name 6");
    assertThat(rows(t.changes(last, last))).isZero();
  }

  @Test
  void mergeUpsertsByKey() {
    Dataset t = tarn.create("t", rows(0, 100), partitionedBy(month("day")));
    Frame changes =
        tarn.sql(
            "SELECT id, CASE WHEN id < 60 THEN 'name ' || id ELSE 'new' END AS name FROM range(50, 110) r(id)");
    MergeResult result = t.merge(changes).on("id").upsert();
    assertThat(result.inserted()).isEqualTo(10);
    assertThat(result.updated()).isEqualTo(40);
    assertThat(result.unchanged()).isEqualTo(10);
    assertThat(rows(t.frame())).isEqualTo(110);
    assertThat(rows(t.frame().filter("name = 'new'"))).isEqualTo(50);
    assertThat(rows(t.frame().filter("id = 70 AND amount = 105"))).isEqualTo(1);
    MergeResult again = t.merge(changes).on("id").upsert();
    assertThat(again.updated()).isZero();
    assertThat(again.unchanged()).isEqualTo(60);
    assertThat(again.snapshot()).isEqualTo(result.snapshot());
  }

  @Test
  void mergeInsertsUpdatesOrDeletesAlone() {
    Dataset t = tarn.create("t", rows(0, 10));
    Frame changes = rows(5, 15).withColumns(lit("c").as("name"));
    assertThat(t.merge(changes).on("id").insertNew().inserted()).isEqualTo(5);
    assertThat(rows(t.frame().filter("name = 'c'"))).isEqualTo(5);
    assertThat(
            t.merge(rows(0, 30).withColumns(lit("u").as("name")))
                .on("id")
                .updateExisting()
                .updated())
        .isEqualTo(15);
    assertThat(rows(t.frame())).isEqualTo(15);
    assertThat(t.merge(tarn.sql("SELECT 3 AS id UNION ALL SELECT 99")).on("id").delete().deleted())
        .isEqualTo(1);
    assertThat(rows(t.frame())).isEqualTo(14);
  }

  @Test
  void mergeRefusesDuplicateKeysUnlessTheLastWins() {
    Dataset t = tarn.create("t", rows(0, 3));
    Frame twice = tarn.sql("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (1, 'c')) v(id, name)");
    assertThatThrownBy(() -> t.merge(twice).on("id").upsert())
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot merge into [t]: 2 changes have the key id = 1. Say lastWins(), or make the keys unique before.");
    t.merge(twice).on("id").lastWins().upsert();
    assertThat(t.frame().filter("id = 1").collect().row(0).value("name")).isEqualTo("c");
  }

  @Test
  void mergeMatchesNullKeysAndMovesRowsBetweenPartitions() {
    Dataset t =
        tarn.create(
            "t",
            tarn.sql("SELECT * FROM (VALUES (1, 'a', 'p'), (NULL, 'b', 'q')) v(id, name, part)"),
            partitionedBy(identity("part")));
    MergeResult result =
        t.merge(tarn.sql("SELECT NULL::INTEGER AS id, 'B' AS name, 'p' AS part")).on("id").upsert();
    assertThat(result.updated()).isEqualTo(1);
    assertThat(rows(t.frame())).isEqualTo(2);
    assertThat(rows(t.frame().filter("part = 'p'"))).isEqualTo(2);
  }

  @Test
  void datasetsAreRenamedAndDropped() {
    tarn.create("a", rows(0, 3));
    tarn.create("ns.b", rows(0, 4));
    assertThat(tarn.lake().datasets()).containsExactly("a", "ns.b");
    assertThat(rows(tarn.sql("SELECT * FROM ns.b"))).isEqualTo(4);
    tarn.lake().rename("a", "c");
    assertThat(rows(tarn.dataset("c").frame())).isEqualTo(3);
    assertThatThrownBy(() -> tarn.dataset("a"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("no dataset of that name");
    assertThatThrownBy(() -> tarn.create("c", rows(0, 1))).isInstanceOf(InvalidRequest.class);
    tarn.lake().drop("c");
    tarn.create("c", rows(0, 1));
    assertThat(rows(tarn.dataset("c").frame())).isEqualTo(1);
    tarn.lake().dropAndPurge("c");
    assertThat(tarn.lake().contains("c")).isFalse();
    assertThat(tarn.lake().namespaces()).containsExactly("default", "ns");
  }

  @Test
  void partitionsEvolveAndBothKindsArePruned() {
    Dataset t = tarn.create("t", rows(0, 90), partitionedBy(month("day")));
    t.repartition(identity("name"));
    t.append(rows(90, 93));
    assertThat(t.partitioning()).containsExactly("name");
    assertThat(rows(t.frame())).isEqualTo(93);
    QueryPlan plan = tarn.plan(t.frame().filter("name = 'name 91'"));
    assertThat(plan.sources().getFirst().filesKept().orElse(99)).isLessThan(6);
    assertThat(t.frame().filter("id = 91").agg(sum("amount").as("a")).collect().value().toString())
        .isEqualTo("136.5");
  }

  @Test
  void anUpdateLeavesOtherRowsExactlyAsTheyAre() {
    Dataset t =
        tarn.create(
            "t",
            tarn.sql(
                "SELECT * FROM (VALUES (1, 5::BIGINT, 1.5::DECIMAL(30,2)),"
                    + " (2, 9007199254740995, 12345678901234567890.14)) v(id, big, dec)"));
    t.update(where("id = 1"), set("big", 1.0), set("dec", 2.5));
    assertThat(t.frame().sort("id").collect().toString())
        .contains("9007199254740995")
        .contains("12345678901234567890.14")
        .contains("2.50");
    assertThatThrownBy(() -> t.update(where("id = 2"), set("big", col("id").times(0.75))))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("Cannot update [t]: value ")
        .hasMessageContaining("of column big in row 1 does not fit BIGINT without loss");
    assertThatThrownBy(() -> t.update(where("id = 2"), set("dec", "abc")))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("value 'abc' of column dec");
  }

  @Test
  void theEngineKnowsHowManyRowsThereAre() {
    Dataset t = tarn.create("t", rows(0, 5000));
    assertThat(tarn.plan(t.frame()).toString()).contains("~5,000 rows");
  }

  @Test
  void aRequestThatIsWrongIsNoConflict() {
    Dataset t = tarn.create("t", rows(0, 5));
    assertThatThrownBy(() -> tarn.create("y", rows(0, 5), partitionedBy(Options.year("id"))))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> t.repartition(Options.year("id"))).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> t.addColumn("name", INTEGER, 1))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it has one of that name");
    Dataset trial = t.createBranch("trial").onBranch("trial");
    long first = t.history().getFirst().snapshot();
    long ofTrial = trial.append(rows(5, 6)).snapshot();
    long ofMain = t.append(rows(7, 9)).snapshot();
    assertThatThrownBy(() -> t.rollbackTo(ofTrial))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("its newest version was not made from that");
    trial.rollbackTo(first);
    assertThat(rows(trial.frame())).isEqualTo(5);
    assertThat(t.refs().get("main")).isEqualTo(ofMain);
    assertThatThrownBy(() -> t.fastForward("trial")).isInstanceOf(InvalidRequest.class);
  }
}
