package dev.tarn.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteCommandTest {

  @TempDir private Path folder;
  private LakeRun lake;

  @BeforeEach
  void open() {
    lake = new LakeRun(folder.resolve("lake"));
  }

  private String write(String query, String... more) {
    String[] args = new String[more.length + 4];
    System.arraycopy(new String[] {"write", "t", "--from", query}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    return lake.done(args);
  }

  @Test
  void theFirstWriteMakesTheDatasetWithItsLayout() {
    String out =
        lake.done(
            "write",
            "sales",
            "--from",
            LakeRun.ROWS,
            "--partition-by",
            "month(date),region",
            "--sort-by",
            "date, id desc",
            "--compression",
            "zstd:1",
            "--target-size",
            "64MB");
    assertThat(out)
        .matches("sales created: 1,000 rows in 4 files \\(\\d+\\.\\d kB\\) · version \\d+\n");
    assertThat(lake.rows("SELECT count(*), sum(id) FROM sales")).containsExactly("1000,499500");
    assertThat(lake.done("show", "sales")).contains("month(date), region");
  }

  @Test
  void rowsAreAppendedUnlessSaidOtherwise() {
    write("SELECT 1 AS id");
    assertThat(write("SELECT 2 AS id")).startsWith("t: 1 row added in 1 file (");
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void anOverwriteTakesThePlaceOfAllOrOfSome() {
    write("SELECT unnest([1, 2, 3]) AS id");
    assertThat(write("SELECT 2 AS id", "--mode=overwrite", "--where", "id = 2"))
        .contains("added, ");
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("1", "2", "3");
    write("SELECT 9 AS id", "--mode=overwrite");
    assertThat(lake.rows("FROM t")).containsExactly("9");
  }

  @Test
  void mergesSayWhatTheyHaveDone() {
    write("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(id, x)");
    String changes = "SELECT * FROM (VALUES (1, 'a'), (2, 'B'), (4, 'd')) t(id, x)";
    assertThat(write(changes, "--mode=upsert", "--on=id"))
        .startsWith("t: 1 inserted, 1 updated, 1 unchanged, 0 deleted · version ");
    assertThat(write("SELECT 5 AS id, 'e' AS x", "--mode=update", "--on=id"))
        .startsWith("t: 0 inserted, 0 updated");
    assertThat(write("SELECT 1 AS id, 'z' AS x", "--mode=insert", "--on=id"))
        .startsWith("t: 0 inserted");
    assertThat(write("SELECT 4 AS id", "--mode=delete", "--on=id", "--format=ndjson"))
        .startsWith("{\"dataset\":\"t\",\"done\":\"delete\",\"version\":")
        .contains("\"deleted\":1}");
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("1,a", "2,B", "3,c");
  }

  @Test
  void ofChangesWithOneKeyTheLastWinsOnRequest() {
    write("SELECT 1 AS id, 'a' AS x");
    String twice = "SELECT * FROM (VALUES (1, 'b'), (1, 'c')) t(id, x)";
    assertThat(lake.fails(1, "write", "t", "--from", twice, "--mode=upsert", "--on=id"))
        .contains("2 changes have the key id = 1");
    write(twice, "--mode=upsert", "--on=id", "--last-wins");
    assertThat(lake.rows("FROM t")).containsExactly("1,c");
  }

  @Test
  void columnsAreAddedOnlyOnRequest() {
    write("SELECT 1 AS id");
    assertThat(lake.fails(1, "write", "t", "--from", "SELECT 2 AS id, 'x' AS more"))
        .contains("it has no column more");
    write("SELECT 2 AS id, 'x' AS more", "--evolve");
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("1,", "2,x");
  }

  @Test
  void parametersAndStandardInputGiveTheRows() {
    write("SELECT ?::INTEGER AS id", "--param", "7");
    CommandRun run =
        CommandRun.withInput(
            "SELECT 8 AS id", "write", "t", "--from", "-", "--lake", lake.lake().toString());
    assertThat(run.err()).isEmpty();
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("7", "8");
  }

  @Test
  void aBranchIsWrittenWithoutMainSeeingIt() {
    write("SELECT 1 AS id");
    assertThat(lake.done("branch", "t", "next")).startsWith("t: next is version ");
    assertThat(write("SELECT 2 AS id", "--branch=next")).startsWith("t@next: 1 row added");
    assertThat(lake.rows("FROM t")).containsExactly("1");
    lake.done("branch", "t", "next", "--take-over");
    assertThat(lake.rows("FROM t ORDER BY id")).containsExactly("1", "2");
    assertThat(lake.done("branch", "t", "next", "--drop")).contains("is gone");
  }

  @Test
  void theLayoutOfADatasetThatIsThereIsNotChangedByTheWay() {
    write("SELECT 1 AS id");
    assertThat(lake.fails(1, "write", "t", "--from", "SELECT 2 AS id", "--partition-by", "id"))
        .isEqualTo(
            "Cannot write [t] with --partition-by: that is for a new dataset, and it exists. Leave it out; tarn alter t partition-by or sort-by changes the layout of what is written later.\n");
  }

  @Test
  void aMergeMakesNoDatasetAndNoLake() {
    String[] upsert = {"write", "t", "--from", "SELECT 1 AS id", "--mode=upsert", "--on=id"};
    assertThat(lake.fails(1, upsert)).startsWith("Cannot open the lake [");
    assertThat(lake.lake()).doesNotExist();
    lake.withSales();
    assertThat(lake.fails(1, upsert))
        .startsWith("Cannot open [t]: the lake has no dataset of that name.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mode=sideways | Cannot write by sideways: there is no such mode. Use append, overwrite, insert, update, upsert or delete.",
        "--mode=upsert | Cannot write by upsert: --on is for the modes by key, which need it. See tarn write --help.",
        "--on=id | Cannot write by append: --on is for the modes by key, which need it. See tarn write --help.",
        "--last-wins | Cannot write by append: --last-wins is for the modes by key. See tarn write --help.",
        "--where=true | Cannot write by append: --where is for overwrite. See tarn write --help.",
        "--compression=zip | Cannot compress by zip: there is no such codec. Use uncompressed, snappy, gzip, zstd, brotli, lz4, zstd also with a level: zstd:3.",
        "--target-size=big | Cannot read --target-size big: it is no size. Write it as 500MB, 4GB or 4GiB."
      })
  void aWrongOptionIsSaidInOneLine(String option, String message) {
    assertThat(lake.fails(2, "write", "t", "--from", "SELECT 1 AS id", option))
        .isEqualTo(message + "\n");
    assertThat(lake.lake()).doesNotExist();
  }
}
