package dev.tarn.files;

import static dev.tarn.Columns.*;
import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import dev.tarn.QueryPlan.Pushdown;
import dev.tarn.Rows;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.io.ReadOptions;
import dev.tarn.io.ReadOptions.HivePartitions;
import dev.tarn.io.ReadOptions.OnBadFile;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they stand: one, several, trees; read as they are, and left as they are. */
class ReadingFilesTest {

  private static Tarn tarn;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Frame numbers(int from, int to) {
    return tarn.sql("SELECT i::BIGINT AS i, 'n' || i AS s FROM range(?, ?) r(i)", from, to);
  }

  private static List<Long> ids(Frame frame) {
    return frame.sort("i").collect().column("i").stream().map(i -> (Long) i).toList();
  }

  private static void gzip(Path file, String text) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        Writer writer = new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8)) {
      writer.write(text);
    }
  }

  // ---- which files

  @ParameterizedTest
  @EnumSource(names = "ARROW", mode = EnumSource.Mode.EXCLUDE)
  void oneFileAListAGlobAndAFolderAreRead(FileFormat format) throws IOException {
    String suffix = "." + format.name().toLowerCase(java.util.Locale.ROOT);
    Files.createDirectories(folder.resolve("in/deep"));
    numbers(0, 2).write(FileSink.of(format, path("in/a" + suffix)));
    numbers(2, 4).write(FileSink.of(format, path("in/b" + suffix)));
    numbers(4, 6).write(FileSink.of(format, path("in/deep/c" + suffix)));
    Files.writeString(folder.resolve("in/readme.txt"), "not data");
    assertThat(ids(read(format, path("in/a" + suffix)))).containsExactly(0L, 1L);
    assertThat(ids(read(format, path("in/b" + suffix), path("in/deep/c" + suffix))))
        .containsExactly(2L, 3L, 4L, 5L);
    assertThat(ids(read(format, path("in/*" + suffix)))).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids(read(format, path("in/**/*" + suffix)))).hasSize(6);
    assertThat(ids(read(format, path("in")))).hasSize(6);
    assertThat(ids(read(format, path("in/[bc]" + suffix)))).containsExactly(2L, 3L);
    assertThat(ids(tarn.sql("FROM '" + path("in/**/*" + suffix) + "'"))).hasSize(6);
  }

  private static Frame read(FileFormat format, String... paths) {
    return tarn.files(format, List.of(paths), ReadOptions.DEFAULT);
  }

  /** Names that mean something to a glob, to SQL, or to a shell. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.parquet",
        "it's.parquet",
        "[x].parquet",
        "a*b.parquet",
        "what?.parquet",
        "ü-日本.parquet",
        "quo\"te.parquet",
        "semi;colon.parquet",
        "a=b.parquet",
        "100%.parquet",
        "{a,b}.parquet",
        "$x.parquet",
        "[folder]/x.parquet",
        "key=value/[1]/x.parquet"
      })
  void awkwardFileNamesAreReadAsTheyAre(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    numbers(0, 3).write(Sinks.parquet(path("plain.parquet")));
    Files.move(folder.resolve("plain.parquet"), file);
    Frame frame = tarn.parquet(file.toString(), o -> o.fileNameColumn("file"));
    assertThat(ids(frame)).containsExactly(0L, 1L, 2L);
    assertThat(frame.collect().column("file")).containsOnly(file.toString());
    assertThat(ids(tarn.parquet(folder.toString()))).containsExactly(0L, 1L, 2L);
    if (file.getParent() != null) {
      assertThat(ids(tarn.parquet(file.getParent().toString()))).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void openingAFolderChangesNothingInIt() throws IOException {
    numbers(0, 100).write(Sinks.parquet(path("in/p")));
    numbers(0, 100)
        .select(col("i").cast(DataType.INTEGER).as("i"), lit(1).as("more"))
        .write(Sinks.parquet(path("in/q")));
    numbers(0, 100).write(Sinks.csv(path("in/c.csv")));
    numbers(0, 100).write(Sinks.json(path("in/j.json.gz")));
    Map<String, Object> before = listing(folder);
    tarn.parquet(path("in")).collect();
    tarn.csv(path("in")).collect();
    tarn.json(path("in"), o -> o.onBadFile(OnBadFile.SKIP)).collect();
    tarn.parquet(path("in")).explainAnalyze();
    assertThat(listing(folder)).isEqualTo(before);
  }

  private static Map<String, Object> listing(Path root) throws IOException {
    var listing = new TreeMap<String, Object>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        listing.put(
            path.toString(),
            List.of(
                Files.getLastModifiedTime(path),
                Files.isRegularFile(path) ? Files.size(path) : -1L,
                Files.isRegularFile(path)
                    ? java.util.Arrays.hashCode(Files.readAllBytes(path))
                    : 0));
      }
    }
    return listing;
  }

  // ---- columns

  @Test
  void filesWithDifferentColumnsAreUnifiedByName() {
    tarn.sql("SELECT 1::INTEGER AS a, 'x' AS b").write(Sinks.parquet(path("in/1.parquet")));
    tarn.sql("SELECT 'y' AS b, 5000000000::BIGINT AS a, 2.5 AS c")
        .write(Sinks.parquet(path("in/2.parquet")));
    tarn.sql("SELECT 0.5::DOUBLE AS a").write(Sinks.parquet(path("in/3.parquet")));
    Frame frame = tarn.parquet(path("in"));
    assertThat(frame.columns()).containsExactly("a", "b", "c");
    assertThat(frame.schema().fields().get(0).type()).isEqualTo(DataType.DOUBLE);
    Rows rows = frame.sort("a").collect();
    assertThat(rows.column("a")).containsExactly(0.5, 1.0, 5e9);
    assertThat(rows.column("b")).containsExactly(null, "x", "y");
    assertThat(rows.row(2).decimal("c")).isEqualByComparingTo("2.5");
    assertThat(rows.row(0).value("c")).isNull();
    assertThat(frame.filter(col("c").gt(1)).collect().size()).isEqualTo(1);
  }

  @Test
  void csvAndJsonFilesAreUnifiedToo() throws IOException {
    Files.createDirectories(folder.resolve("c"));
    Files.writeString(folder.resolve("c/1.csv"), "a,b\n1,x\n");
    Files.writeString(folder.resolve("c/2.csv"), "b,c,a\ny,true,2.5\n");
    Rows rows = tarn.csv(path("c")).sort("b").collect();
    assertThat(rows.schema().names()).containsExactly("a", "b", "c");
    assertThat(rows.column("a")).containsExactly(1.0, 2.5);
    assertThat(rows.column("c")).containsExactly(null, true);
    Files.createDirectories(folder.resolve("j"));
    var text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append("{\"a\": ").append(i).append("}\n");
    }
    Files.writeString(folder.resolve("j/1.ndjson"), text + "{\"late\": [1, 2], \"a\": null}\n");
    Files.writeString(folder.resolve("j/2.ndjson"), "{\"other\": {\"x\": \"y\"}}\n");
    Rows json = tarn.ndjson(path("j")).filter("late IS NOT NULL OR other IS NOT NULL").collect();
    assertThat(json.schema().names()).containsExactlyInAnyOrder("a", "late", "other");
    assertThat(json.column("late")).containsExactlyInAnyOrder(List.of(1L, 2L), null);
    assertThat(json.column("other")).containsExactlyInAnyOrder(Map.of("x", "y"), null);
  }

  @Test
  void theFileOfARowIsAColumnWhenAskedFor() {
    numbers(0, 2).write(Sinks.csv(path("a.csv")));
    numbers(2, 3).write(Sinks.csv(path("b.csv")));
    Frame frame = tarn.csv(path("*.csv"), o -> o.fileNameColumn("from"));
    assertThat(frame.columns()).containsExactly("i", "s", "from");
    assertThat(frame.sort("i").collect().column("from"))
        .containsExactly(path("a.csv"), path("a.csv"), path("b.csv"));
    assertThat(ids(frame.filter(col("from").endsWith("b.csv")))).containsExactly(2L);
    numbers(0, 2).write(Sinks.ndjson(path("a.ndjson")));
    assertThat(
            tarn.ndjson(path("a.ndjson"), o -> o.fileNameColumn("from")).collect().column("from"))
        .containsOnly(path("a.ndjson"));
  }

  @Test
  void aSchemaIsTakenAsSaid() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "id,code,day\n1,007,2024-05-06\n2,,\n");
    var schema =
        new Schema(
            List.of(
                new Field("id", DataType.INTEGER),
                new Field("code", DataType.VARCHAR),
                new Field("day", DataType.DATE)));
    Frame frame = tarn.csv(path("a.csv"), o -> o.schema(schema));
    assertThat(frame.schema()).isEqualTo(schema);
    assertThat(frame.collect().row(0).toMap().values())
        .containsExactly(1, "007", LocalDate.of(2024, 5, 6));
    assertThat(frame.collect().row(1).value("day")).isNull();
    var narrow =
        new Schema(
            List.of(
                new Field("id", DataType.INTEGER),
                new Field("code", DataType.INTEGER),
                new Field("day", DataType.INTEGER)));
    assertRefused(
        BadData.class,
        "Cannot run the query: line 2 of \\[.*a.csv\\]: .*",
        () -> tarn.csv(path("a.csv"), o -> o.schema(narrow)).collect());
    numbers(0, 1).write(Sinks.parquet(path("p.parquet")));
    assertRefused(
        InvalidRequest.class,
        "Cannot read Parquet with a schema: its files have one\\. Cast columns instead\\.",
        () -> tarn.parquet(path("p.parquet"), o -> o.schema(schema)));
  }

  @Test
  void csvIsReadBySeparatorHeaderAndNullTextAsSaid() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "1|x|NA\n2|NA|z\n");
    Rows rows =
        tarn.csv(path("a.csv"), o -> o.separator("|").header(false).nullText("NA")).collect();
    assertThat(rows.size()).isEqualTo(2);
    assertThat(new ArrayList<>(rows.row(1).toMap().values())).containsExactly(2L, null, "z");
  }

  // ---- compression

  @ParameterizedTest
  @EnumSource(names = {"CSV", "JSON", "NDJSON"})
  void packedFilesAreUnpacked(FileFormat format) throws IOException {
    String suffix = "." + format.name().toLowerCase(java.util.Locale.ROOT);
    for (String packed : List.of(".gz", ".zst")) {
      Path file = folder.resolve("a" + suffix + packed);
      numbers(0, 1000).write(FileSink.of(format, file.toString()));
      byte[] start = java.util.Arrays.copyOf(Files.readAllBytes(file), 4);
      assertThat(start)
          .startsWith(
              packed.equals(".gz")
                  ? new byte[] {0x1f, (byte) 0x8b}
                  : new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});
      assertThat(ids(read(format, file.toString()))).hasSize(1000);
      assertThat(ids(tarn.sql("FROM '" + file + "'"))).hasSize(1000);
      assertThat(ids(read(format, folder.toString()))).hasSize(1000);
      Files.delete(file);
    }
    Path gzip = folder.resolve("b" + suffix + ".gz");
    gzip(gzip, format == FileFormat.CSV ? "i,s\n7,x\n" : "{\"i\": 7, \"s\": \"x\"}\n");
    assertThat(ids(read(format, gzip.toString()))).containsExactly(7L);
  }

  @Test
  void aPackedFileThatIsCutIsRefused() throws IOException {
    Path file = folder.resolve("a.csv.gz");
    numbers(0, 200_000).write(Sinks.csv(file.toString()));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(
        BadData.class,
        "Cannot read \\[.*a.csv.gz\\]: .*",
        () -> tarn.csv(file.toString()).collect());
  }

  // ---- trees

  private void tree() {
    tarn.sql(
            "SELECT i, i % 3 AS n, DATE '2024-01-01' + (i % 2)::INTEGER AS day,"
                + " CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END AS s FROM range(60) r(i)")
        .write(Sinks.parquet(path("tree")).partitionedBy("n", "day", "s"));
  }

  @Test
  void foldersNamedKeyEqualsValueBecomeTypedColumns() {
    tree();
    Frame frame = tarn.parquet(path("tree"));
    assertThat(frame.columns()).containsExactlyInAnyOrder("i", "n", "day", "s");
    Schema schema = frame.schema();
    assertThat(schema.fields().get(schema.indexOf("n")).type()).isEqualTo(DataType.BIGINT);
    assertThat(schema.fields().get(schema.indexOf("day")).type()).isEqualTo(DataType.DATE);
    assertThat(schema.fields().get(schema.indexOf("s")).type()).isEqualTo(DataType.VARCHAR);
    assertThat(ids(frame.filter(col("n").eq(1).and(col("day").eq(LocalDate.of(2024, 1, 2))))))
        .containsExactly(1L, 7L, 13L, 19L, 25L, 31L, 37L, 43L, 49L, 55L);
    assertThat(tarn.parquet(path("tree"), o -> o.hivePartitions(HivePartitions.NO)).columns())
        .containsExactly("i");
  }

  @Test
  void filtersOnPartitionsKeepFilesUnopened() {
    tree();
    Frame frame = tarn.parquet(path("tree"));
    QueryPlan.SourceUse all = tarn.plan(frame).sources().get(0);
    assertThat(all.filesKept()).hasValue(6);
    assertThat(all.filesTotal()).hasValue(6);
    QueryPlan plan = tarn.plan(frame.filter(col("n").eq(1)));
    assertThat(plan.sources().get(0).filesKept()).hasValue(2);
    assertThat(plan.sources().get(0).filesTotal()).hasValue(6);
    assertThat(plan.pushes(Pushdown.FILES)).isTrue();
    assertThat(
            tarn.plan(frame.filter(col("day").gt(LocalDate.of(2024, 1, 1))))
                .sources()
                .get(0)
                .filesKept())
        .hasValue(3);
    assertThat(tarn.plan(frame.filter(col("i").gt(3))).pushes(Pushdown.FILES)).isFalse();
    assertThat(tarn.plan(frame.filter(col("i").gt(3))).pushes(Pushdown.FILTER)).isTrue();
  }

  @Test
  void csvTreesHaveTheirPartitionsToo() {
    numbers(0, 10)
        .withColumns(col("i").modulo(2).as("k"))
        .write(Sinks.csv(path("tree")).partitionedBy("k"));
    Frame frame = tarn.csv(path("tree"));
    assertThat(ids(frame.filter(col("k").eq(1)))).containsExactly(1L, 3L, 5L, 7L, 9L);
    assertThat(tarn.plan(frame.filter(col("k").eq(1))).sources().get(0).filesKept()).hasValue(1);
  }

  // ---- bad files

  private void oneOfThreeIsBad(String suffix) throws IOException {
    FileFormat format = FileFormat.valueOf(suffix.toUpperCase(java.util.Locale.ROOT));
    Files.createDirectories(folder.resolve("in"));
    numbers(0, 2).write(FileSink.of(format, path("in/a." + suffix)));
    Files.writeString(folder.resolve("in/bad." + suffix), "{\"i\": 1,\n\"x\",,,\n1,2,3,\"");
    numbers(2, 4).write(FileSink.of(format, path("in/c." + suffix)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "ndjson"})
  void aBadFileIsNamedOrSkippedAsChosen(String suffix) throws IOException {
    oneOfThreeIsBad(suffix);
    FileFormat format = FileFormat.valueOf(suffix.toUpperCase(java.util.Locale.ROOT));
    assertRefused(
        BadData.class,
        "Cannot read \\[.*bad\\." + suffix + ".*",
        () -> read(format, path("in")).collect());
    Frame frame =
        tarn.files(format, List.of(path("in")), ReadOptions.DEFAULT.onBadFile(OnBadFile.SKIP));
    assertThat(ids(frame)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(frame.explain())
        .contains("skipped " + path("in/bad." + suffix) + ": Cannot read [")
        .contains("files 2 of 2");
  }

  @Test
  void aBadCsvFileIsSkippedWithItsReason() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    numbers(0, 2).write(Sinks.csv(path("in/a.csv")));
    var text = new StringBuilder("i,s\n");
    for (int i = 0; i < 30_000; i++) {
      text.append("5,x\n");
    }
    Files.writeString(folder.resolve("in/bad.csv"), text + "6\n");
    Files.createFile(folder.resolve("in/empty.csv"));
    Frame frame = tarn.csv(path("in"), o -> o.onBadFile(OnBadFile.SKIP));
    assertThat(ids(frame)).containsExactly(0L, 1L);
    assertThat(frame.explain())
        .contains(
            "skipped "
                + path("in/bad.csv")
                + ": Cannot read ["
                + path("in/bad.csv")
                + "]: line 30002")
        .contains("skipped " + path("in/empty.csv") + ": Cannot read [" + path("in/empty.csv"));
  }

  @Test
  void whenAllFilesAreBadNothingIsLeftToRead() throws IOException {
    Files.writeString(folder.resolve("bad.parquet"), "x".repeat(100));
    assertRefused(
        BadData.class,
        "Cannot read \\[.*\\]: all 1 files are bad\\. The first: .*",
        () -> tarn.parquet(folder.toString(), o -> o.onBadFile(OnBadFile.SKIP)));
  }

  @Test
  void arrowFilesAreReadByListAndGlob() throws IOException {
    Path file = dev.tarn.testkit.SharedData.path("flights-200k.arrow");
    Files.copy(file, folder.resolve("a.arrow"));
    Files.copy(file, folder.resolve("b.arrow"));
    assertThat(tarn.arrow(path("*.arrow")).agg(count()).collect().value()).isEqualTo(400_000L);
    assertThat(tarn.arrow(folder.toString()).agg(count()).collect().value()).isEqualTo(400_000L);
    assertThat(tarn.arrow(path("a.arrow"), path("b.arrow")).agg(count()).collect().value())
        .isEqualTo(400_000L);
    Files.write(
        folder.resolve("c.arrow"), java.util.Arrays.copyOf(Files.readAllBytes(file), 800_000));
    assertRefused(
        BadData.class,
        "Cannot read \\[.*c.arrow\\]: .*",
        () -> tarn.arrow(path("c.arrow")).collect());
    assertThat(
            tarn.files(
                    FileFormat.ARROW,
                    List.of(folder.toString()),
                    ReadOptions.DEFAULT.onBadFile(OnBadFile.SKIP))
                .agg(count())
                .collect()
                .value())
        .isEqualTo(400_000L);
  }
}
