package dev.tarn.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetCommandsTest {

  @TempDir private Path folder;
  private LakeRun lake;

  @BeforeEach
  void makeSales() {
    lake = new LakeRun(folder.resolve("lake")).withSales();
  }

  @Test
  void datasetsAreListedWithTheirSizes() {
    lake.done("write", "shop.orders", "--from", "SELECT 1 AS id");
    assertThat(lake.done("datasets", "--format=csv").lines())
        .satisfiesExactly(
            head -> assertThat(head).isEqualTo("dataset,rows,files,bytes,changed"),
            sales -> assertThat(sales).startsWith("sales,1000,1,"),
            orders -> assertThat(orders).startsWith("shop.orders,1,1,"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"datasets", "show x", "compact x", "drop x"})
  void nothingIsMadeWhereThereIsNoLake(String command) {
    Path none = folder.resolve("none");
    assertThat(new LakeRun(none).fails(1, command.split(" ")))
        .startsWith("Cannot open the lake [" + none + "]: there is none in that folder.");
    assertThat(none).doesNotExist();
  }

  @Test
  void aMisspelledDatasetIsCorrected() {
    assertThat(lake.fails(1, "history", "sale")).contains("Did you mean sales?");
  }

  @Test
  void showPrintsSizesColumnsAndLayout() {
    assertThat(lake.done("show", "sales")).contains("1,000", "region VARCHAR", "amount");
    assertThat(lake.done("show", "sales", "--format=json"))
        .contains("\"rows\":1000", "{\"name\":\"region\",\"type\":\"VARCHAR\"}");
  }

  @Test
  void versionsAreListedReadAndBroughtBack() {
    lake.done("write", "sales", "--from", "SELECT 5000 AS id");
    String first = lake.versions("sales").getFirst();
    assertThat(lake.versions("sales")).hasSize(2);
    assertThat(lake.rows("SELECT count(*) FROM sales AT (VERSION => %s)".formatted(first)))
        .containsExactly("1000");
    assertThat(lake.done("rollback", "sales", first))
        .isEqualTo("sales is at version %s again\n".formatted(first));
    assertThat(lake.rows("SELECT count(*) FROM sales")).containsExactly("1000");
    assertThat(lake.fails(2, "rollback", "sales", "yesterday"))
        .startsWith("Cannot find version yesterday of [sales]");
  }

  @Test
  void tagsNameVersions() {
    lake.done("tag", "sales", "audit");
    lake.done("write", "sales", "--from", "SELECT 5000 AS id");
    assertThat(lake.done("history", "sales", "--format=csv")).contains(",audit\n", ",main\n");
    assertThat(lake.done("rollback", "sales", "audit")).contains("again");
    assertThat(lake.done("tag", "sales", "audit", "--drop")).contains("is gone");
  }

  @Test
  void rowsAreDeletedAndADryRunCountsThem() {
    assertThat(lake.done("delete", "sales", "--where", "id < 10", "--dry-run"))
        .isEqualTo("sales: would delete 10 rows\n");
    assertThat(lake.rows("SELECT count(*) FROM sales")).containsExactly("1000");
    assertThat(lake.done("delete", "sales", "--where", "id < 10"))
        .startsWith("sales: 10 rows deleted, 1 file rewritten · version ");
    assertThat(lake.rows("SELECT count(*) FROM sales")).containsExactly("990");
    assertThat(lake.fails(2, "delete", "sales")).contains("--where");
  }

  @Test
  void rowsAreUpdatedByExpressions() {
    assertThat(
            lake.done(
                "update",
                "sales",
                "--where",
                "id = 2",
                "--set",
                "amount=amount + 1",
                "--set",
                "region='x=y'"))
        .startsWith("sales: updated, 1 file rewritten");
    assertThat(lake.rows("SELECT amount, region FROM sales WHERE id = 2"))
        .containsExactly("4.0,x=y");
    assertThat(lake.done("update", "sales", "--where", "id = -1", "--set", "id=0"))
        .isEqualTo("sales: no row to update\n");
    assertThat(lake.fails(2, "update", "sales", "--where", "true"))
        .isEqualTo("Cannot update: no new value is said. Add --set COLUMN=EXPRESSION.\n");
    assertThat(lake.fails(2, "update", "sales", "--where", "true", "--set", "x"))
        .startsWith("Cannot read --set x: it is no assignment.");
  }

  @Test
  void smallFilesArePutTogether() {
    for (int i = 0; i < 5; i++) {
      lake.done("write", "sales", "--from", "SELECT %d AS id".formatted(5000 + i));
    }
    assertThat(lake.done("compact", "sales", "--dry-run")).startsWith("sales: would go from 6 to ");
    assertThat(lake.done("compact", "sales", "--sort-by", "id desc", "--all"))
        .startsWith("sales: from 6 to 1 file, ");
    assertThat(lake.rows("SELECT count(*), sum(id) FROM sales")).containsExactly("1005,524510");
    assertThat(lake.done("compact", "sales")).isEqualTo("sales: nothing to compact\n");
    assertThat(lake.done("compact", "sales", "--zorder", "id,date", "--all", "--format=ndjson"))
        .contains("\"filesBefore\":1", "\"rows\":1005");
    assertThat(lake.fails(2, "compact", "sales", "--zorder=id,date", "--sort-by=id"))
        .startsWith("Cannot compact by --sort-by and --zorder at once");
  }

  @Test
  void oldVersionsExpireAndTheirFilesAreVacuumed() throws InterruptedException {
    lake.done("write", "sales", "--from", "SELECT 1 AS id", "--mode=overwrite");
    assertThat(lake.done("expire", "sales")).isEqualTo("sales: no version to expire, 2 left\n");
    Thread.sleep(5);
    assertThat(lake.done("expire", "sales", "--older-than=1ms", "--dry-run"))
        .isEqualTo("sales: would expire 1 version, 1 left\n");
    assertThat(lake.done("expire", "sales", "--older-than=1ms"))
        .isEqualTo("sales: 1 version expired, 1 left. tarn vacuum frees their files.\n");
    assertThat(lake.done("vacuum", "sales")).isEqualTo("sales: removed nothing\n");
    assertThat(lake.done("vacuum", "sales", "--dry-run", "--format=json")).isEqualTo("[]\n");
    assertThat(lake.rows("FROM sales SELECT id")).containsExactly("1");
  }

  @Test
  void verifyEndsWithOneWhereAFileIsGone() throws Exception {
    assertThat(lake.done("verify", "sales")).startsWith("sales: clean. 1,000 rows in ");
    assertThat(lake.done("verify", "sales", "--history", "--format=ndjson"))
        .contains("\"clean\":true");
    try (var files = Files.walk(lake.lake())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }
    CommandRun run = lake.run("verify", "sales");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("sales: 1 problem.");
  }

  @Test
  void aFolderOfFilesIsAdoptedWhereItLies() throws Exception {
    Path files = folder.resolve("files");
    lake.done("sql", "FROM range(10) t(n)", "--output", folder.resolve("files.parquet").toString());
    Files.createDirectory(files);
    Path file = Files.move(folder.resolve("files.parquet"), files.resolve("a.parquet"));
    assertThat(lake.done("adopt", files.toString(), "AS", "numbers"))
        .startsWith("numbers adopted: 10 rows in 1 file (");
    assertThat(lake.rows("SELECT sum(n) FROM numbers")).containsExactly("45");
    lake.done("drop", "numbers", "--purge");
    assertThat(file).exists();
    assertThat(lake.fails(2, "adopt", files.toString(), "to", "numbers"))
        .isEqualTo("Cannot adopt: to stands where AS should. Write tarn adopt DIR AS NAME.\n");
  }

  @Test
  void aDatasetIsDroppedWithItsFilesOnlyOnRequest() {
    assertThat(lake.done("drop", "sales", "--purge", "--dry-run"))
        .matches("sales: would drop 1,000 rows in 1 file \\(.*\\), 1 version, with its files\n");
    assertThat(lake.done("datasets", "--format=csv")).contains("sales");
    assertThat(lake.done("drop", "sales")).isEqualTo("sales dropped, its files stay\n");
    assertThat(parquetFiles()).isEqualTo(1);
    lake.withSales();
    assertThat(lake.done("drop", "sales", "--purge")).endsWith("sales dropped, with its files\n");
    assertThat(parquetFiles()).isEqualTo(1);
  }

  private long parquetFiles() {
    try (var files = Files.walk(lake.lake())) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aDatasetIsRenamed() {
    assertThat(lake.done("rename", "sales", "shop.sales")).isEqualTo("sales is shop.sales now\n");
    assertThat(lake.rows("SELECT count(*) FROM shop.sales")).containsExactly("1000");
  }

  @Test
  void columnsAndLayoutAreAltered() {
    assertThat(lake.done("alter", "sales", "add", "note", "VARCHAR"))
        .isEqualTo("sales (id, date, region, amount, note)\n");
    assertThat(lake.done("alter", "sales", "move", "note", "first"))
        .isEqualTo("sales (note, id, date, region, amount)\n");
    assertThat(lake.done("alter", "sales", "move", "note", "after", "date"))
        .isEqualTo("sales (id, date, note, region, amount)\n");
    assertThat(lake.done("alter", "sales", "rename", "note", "remark"))
        .isEqualTo("sales (id, date, remark, region, amount)\n");
    assertThat(lake.done("alter", "sales", "drop", "remark"))
        .isEqualTo("sales (id, date, region, amount)\n");
    assertThat(lake.done("alter", "sales", "partition-by", "month(date), region"))
        .endsWith(" partitioned by month(date), region\n");
    assertThat(lake.done("alter", "sales", "partition-by", "none")).endsWith("amount)\n");
    assertThat(lake.done("alter", "sales", "sort-by", "date, id desc", "--format=ndjson"))
        .contains("\"done\":\"sort-by\"", "\"columns\":[{\"name\":\"id\"");
  }

  @Test
  void columnsAndMembersAreAddedWithADefault() {
    lake.done("write", "t", "--from", "SELECT 1 AS n, {'a': 2} AS s");
    assertThat(lake.done("alter", "t", "add", "day", "DATE", "2024-02-29"))
        .isEqualTo("t (n, s, day)\n");
    lake.done("alter", "t", "add", "s.b", "VARCHAR", "it's");
    assertThat(lake.rows("SELECT s.b || ' ' || day FROM t")).containsExactly("it's 2024-02-29");
    assertThat(lake.fails(1, "alter", "t", "add", "month", "DATE", "2024-02"))
        .isEqualTo("Cannot add column month: 2024-02 is no value of DATE.\n");
    assertThat(lake.fails(1, "alter", "t", "add", "tags", "VARCHAR[]", "NULL"))
        .isEqualTo("Cannot add column tags: NULL is no value of VARCHAR[].\n");
  }

  @Test
  void aColumnIsWidenedAndMadeOptional() {
    lake.done("write", "t", "--from", "SELECT 1::INTEGER AS n", "--required", "n");
    assertThat(lake.done("alter", "t", "widen", "n", "BIGINT", "--format=ndjson"))
        .contains("\"BIGINT\"");
    lake.done("alter", "t", "optional", "n");
    lake.done("write", "t", "--from", "SELECT NULL::BIGINT AS n");
    assertThat(lake.rows("SELECT count(*) FROM t WHERE n IS NULL")).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shrink | Cannot alter by shrink: there is no such action. Use add, drop, rename, widen, move, optional, partition-by, sort-by.",
        "add x | Cannot alter by add: it takes COLUMN TYPE [DEFAULT]. See tarn alter --help.",
        "move id up | Cannot move column id: where to is not clear. Write first, or after COLUMN."
      })
  void aWrongActionIsSaidInOneLine(String action, String message) {
    String[] words = ("alter sales " + action).split(" ");
    assertThat(lake.fails(2, words)).isEqualTo(message + "\n");
  }

  @Test
  void theShellKnowsDatasets() {
    CommandRun run =
        CommandRun.withInput("\\d\n\\d sales\n", "shell", "--lake", lake.lake().toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            sales, a dataset
            id      BIGINT
            date    DATE
            region  VARCHAR
            amount  DECIMAL(21,1)
            """);
  }

  @Test
  void theDoctorLooksAtTheLake() {
    assertThat(lake.run("doctor").out())
        .contains("ok    lake        " + lake.lake() + ", 1 dataset");
    CommandRun none = CommandRun.of("doctor", "--lake", folder.resolve("none").toString());
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.out()).contains("fail  lake        Cannot open the lake");
  }
}
