package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A folder of Parquet files becomes a dataset, and no file of it changes. */
class AdoptTest extends Upkeep {

  private Path raw(String path, String query) throws Exception {
    Path file = folder.resolve("raw").resolve(path);
    writeParquet(file, query);
    return file;
  }

  private Dataset adopt() {
    return lake.adopt(folder.resolve("raw").toString(), "t");
  }

  private List<Object> values(Dataset dataset, String column) {
    return dataset.frame().sort(column).collect().column(column);
  }

  @Test
  void filesAreUnifiedByName() throws Exception {
    raw("a.parquet", "SELECT 1::INT AS id, 'one' AS s, 0.5::FLOAT AS f, 1.25::DECIMAL(5,2) AS n");
    raw(
        "deep/er/b.parquet",
        "SELECT 0.25::DOUBLE AS f, 5000000000 AS ID, 7 AS extra, 12345678.25::DECIMAL(10,2) AS n");
    raw("_tmp/c.parquet", "SELECT 'no' AS id");
    raw(".hidden.parquet", "SELECT 'no' AS id");
    Files.writeString(folder.resolve("raw/_SUCCESS"), "");
    Files.writeString(folder.resolve("raw/readme.txt"), "");
    List<String> before = tree(folder.resolve("raw"));
    Dataset dataset = adopt();
    assertThat(tree(folder.resolve("raw"))).isEqualTo(before);
    assertThat(dataset.schema().toString())
        .contains("id BIGINT", "f DOUBLE", "extra INTEGER", "n DECIMAL(10,2)");
    assertThat(values(dataset, "id")).containsExactly(1L, 5000000000L);
    assertThat(values(dataset, "f")).containsExactly(0.25, 0.5);
    assertThat(values(dataset, "extra")).containsExactly(7, null);
    assertThat(values(dataset, "s")).containsExactly("one", null);
    assertThat(opened(dataset, "id > 100")).isEqualTo(1);
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(dataset.history()).hasSize(1);
  }

  @Test
  void keysInPathsBecomePartitions() throws Exception {
    for (String path :
        List.of(
            "year=2024/day=2024-02-29/kind=a%20b/code=01/x.parquet",
            "year=2025/day=__HIVE_DEFAULT_PARTITION__/kind=c=d/code=10/x.parquet",
            "year=-3/day=2023-01-01/kind=%2F/code=3/x.parquet")) {
      raw(path, "SELECT '%s' AS path".formatted(path));
    }
    Dataset dataset = adopt();
    assertThat(dataset.partitioning()).containsExactly("year", "day", "kind", "code");
    assertThat(dataset.schema().field("year").orElseThrow().type()).isEqualTo(DataType.INTEGER);
    assertThat(dataset.schema().field("day").orElseThrow().type()).isEqualTo(DataType.DATE);
    assertThat(dataset.schema().field("code").orElseThrow().type()).isEqualTo(DataType.VARCHAR);
    assertThat(values(dataset, "year")).containsExactly(-3, 2024, 2025);
    assertThat(values(dataset, "kind")).containsExactly("/", "a b", "c=d");
    assertThat(values(dataset, "code")).containsExactly("01", "10", "3");
    assertThat(dataset.frame().filter("day IS NULL").collect().row(0).value("year"))
        .isEqualTo(2025);
    assertThat(opened(dataset, "year = 2024")).isEqualTo(1);
    assertThat(opened(dataset, "kind = 'a b'")).isEqualTo(1);
    assertThat(dataset.verify().problems()).isEmpty();
  }

  @Test
  void anAdoptedDatasetIsOneLikeOthers() throws Exception {
    raw("p=1/a.parquet", "SELECT 1 AS id, 'x' AS s, {'m': 1, 'n': 'q'} AS st");
    raw("p=2/a.parquet", "SELECT 2 AS id, 'y' AS s, {'m': 2, 'n': 'r'} AS st");
    List<String> before = tree(folder.resolve("raw"));
    Dataset dataset = adopt();
    dataset.renameColumn("s", "text").renameColumn("p", "part").addColumn("more", DataType.INTEGER);
    dataset.append(sql("SELECT 3 AS id, 'z' AS text, 3 AS part, 9 AS more"));
    assertThat(values(dataset, "text")).containsExactly("x", "y", "z");
    assertThat(values(dataset, "part")).containsExactly(1, 2, 3);
    assertThat(values(dataset, "more")).isEqualTo(Arrays.asList(9, null, null));
    assertThat(dataset.frame().sort("id").select("st").collect().row(1).value("st").toString())
        .contains("m=2", "n=r");
    assertThat(dataset.verify().problems()).isEmpty();
    RowChecksum rows = checksum(dataset);
    dataset.compact(Options.rewriteAll());
    assertThat(checksum(dataset)).isEqualTo(rows);
    Thread.sleep(5);
    dataset.expireSnapshots(Duration.ZERO);
    dataset.vacuum(Duration.ZERO);
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(tree(folder.resolve("raw"))).isEqualTo(before);
    lake.dropAndPurge("t");
    assertThat(tree(folder.resolve("raw"))).isEqualTo(before);
  }

  @Test
  void aFileThatChangedIsFound() throws Exception {
    Path file = raw("a.parquet", "SELECT 1 AS id");
    Dataset dataset = adopt();
    Files.delete(file);
    raw("a.parquet", "SELECT r AS id, 'more' AS s FROM range(1000) t(r)");
    assertThat(dataset.verify().problems()).singleElement().asString().contains("a.parquet: has ");
  }

  @Test
  void whatCannotBeAdoptedIsNamed() throws Exception {
    Path raw = Files.createDirectories(folder.resolve("raw"));
    assertThatThrownBy(this::adopt)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("the folder has no Parquet file");
    assertThatThrownBy(() -> lake.adopt(raw.resolve("nope").toString(), "t"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("there is no such folder");
    raw("a.parquet", "SELECT 1 AS id");
    Path other = raw("b.parquet", "SELECT 'x' AS id");
    assertThatThrownBy(this::adopt)
        .isInstanceOf(BadData.class)
        .hasMessageContaining("column id is INTEGER in")
        .hasMessageContaining("and VARCHAR in " + other);
    Files.writeString(other, "no parquet");
    assertThatThrownBy(this::adopt).isInstanceOf(BadData.class).hasMessageContaining("b.parquet");
    Files.delete(other);
    adopt();
    assertThatThrownBy(this::adopt)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("there is a dataset of that name");
    assertThat(lake.datasets()).containsExactly("t");
  }

  @Test
  void nanosecondsAreNotCutOff() throws Exception {
    raw("a.parquet", "SELECT '2024-01-01 00:00:00.000001'::TIMESTAMP_NS AS at");
    Dataset dataset = adopt();
    assertThat(values(dataset, "at")).hasSize(1);
    lake.drop("t");
    raw("b.parquet", "SELECT '2024-01-01 00:00:00.000000001'::TIMESTAMP_NS AS at");
    assertThatThrownBy(this::adopt)
        .isInstanceOf(BadData.class)
        .hasMessageContaining("has nanoseconds");
  }

  @Test
  void aColumnInThePathAndTheFileMustAgree() throws Exception {
    raw("p=1/a.parquet", "SELECT 1 AS p, 5 AS v");
    Dataset dataset = adopt();
    assertThat(values(dataset, "p")).containsExactly(1);
    assertThat(dataset.verify().problems()).isEmpty();
    raw("p=2/a.parquet", "SELECT 3 AS p, 5 AS v");
    lake.drop("t");
    assertThatThrownBy(this::adopt)
        .isInstanceOf(BadData.class)
        .hasMessageContaining("column p is in the path of");
  }

  @Test
  void theFolderOfATableIsNotAdopted() throws Exception {
    Dataset dataset = lake.create("own", sql("SELECT 1 AS v"));
    assertThatThrownBy(() -> lake.adopt(location(dataset).resolve("data").toString(), "t"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("is the folder of a table");
    assertThatThrownBy(() -> lake.adopt(folder.resolve("lake").toString(), "t"))
        .isInstanceOf(InvalidRequest.class);
  }
}
