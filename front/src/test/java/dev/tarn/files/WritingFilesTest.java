package dev.tarn.files;

import static dev.tarn.Columns.*;
import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.io.Codec;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.io.ReadOptions;
import dev.tarn.spi.WriteResult;
import dev.tarn.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames written to files and folders: what is read back is what was written, whole or not at all.
 */
class WritingFilesTest {

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

  /** Whatever happened, nothing is left beside the targets. */
  @AfterEach
  void nothingHiddenIsLeft() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      assertThat(paths.filter(path -> path.getFileName().toString().startsWith("."))).isEmpty();
      assertThat(files(folder)).noneMatch(path -> path.toString().endsWith(".draft"));
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Frame mixed(int rows) {
    return tarn.sql(
        "SELECT i::BIGINT AS i, CASE WHEN i % 7 = 0 THEN NULL ELSE 'text \"' || i || '\", ü\n' END AS s,"
            + " i / 4.0 AS x, i % 2 = 0 AS b, DATE '2024-01-01' + (i % 400)::INTEGER AS day,"
            + " TIMESTAMP '2024-01-01 10:11:12.5' + to_seconds(i) AS t FROM range(?) r(i)",
        rows);
  }

  private static Frame read(FileFormat format, String path) {
    return tarn.files(format, List.of(path), ReadOptions.DEFAULT);
  }

  private static void assertSame(Frame actual, Frame expected) {
    assertThat(actual.columns()).isEqualTo(expected.columns());
    assertThat(actual.sort("i").collect()).containsExactlyElementsOf(expected.sort("i").collect());
  }

  private static Object meta(String file, String expression) {
    return tarn.sql("SELECT " + expression + " FROM parquet_metadata('" + file + "')")
        .collect()
        .value();
  }

  // ---- formats, codecs, sizes

  @ParameterizedTest
  @EnumSource(names = "ARROW", mode = EnumSource.Mode.EXCLUDE)
  void whatIsWrittenIsReadBack(FileFormat format) throws IOException {
    Frame frame = mixed(5000);
    String suffix = "." + format.name().toLowerCase(Locale.ROOT);
    List<String> packings = format == FileFormat.PARQUET ? List.of("") : List.of("", ".gz", ".zst");
    for (String packing : packings) {
      String file = path("one" + suffix + packing);
      WriteResult result = frame.write(FileSink.of(format, file));
      assertThat(result.rows()).isEqualTo(5000);
      assertThat(result.files()).isEqualTo(1);
      assertThat(result.bytes()).isEqualTo(Files.size(Path.of(file)));
      assertSame(read(format, file), frame);
    }
    String target = path("folder");
    WriteResult result = frame.write(FileSink.of(format, target));
    assertThat(result.rows()).isEqualTo(5000);
    assertThat(files(Path.of(target)))
        .hasSize((int) result.files())
        .allMatch(path -> path.toString().endsWith(suffix));
    assertSame(read(format, target), frame);
  }

  @ParameterizedTest
  @EnumSource
  void everyCodecIsWrittenAndReadBack(Codec codec) {
    Frame frame = mixed(3000);
    String file = path(codec + ".parquet");
    frame.write(Sinks.parquet(file).compression(codec));
    assertThat(meta(file, "any_value(compression)")).isEqualTo(codec.name());
    assertSame(tarn.parquet(file), frame);
  }

  @Test
  void levelsAreUsedAndChecked() {
    Frame frame = mixed(20_000);
    long fast = frame.write(Sinks.parquet(path("1.parquet")).compression(Codec.ZSTD, 1)).bytes();
    long small = frame.write(Sinks.parquet(path("19.parquet")).compression(Codec.ZSTD, 19)).bytes();
    assertThat(small).isLessThan(fast);
    assertSame(tarn.parquet(path("19.parquet")), frame);
    assertRefused(
        InvalidRequest.class,
        "Cannot write GZIP at level 3: only ZSTD is written with levels\\. Leave the level out\\.",
        () -> Sinks.parquet("x").compression(Codec.GZIP, 3));
    assertRefused(
        InvalidRequest.class,
        "Cannot write ZSTD at level 23: its levels are 1 to 22\\. Choose one of those\\.",
        () -> Sinks.parquet("x").compression(Codec.ZSTD, 23));
  }

  @Test
  void rowGroupsAndFilesHaveTheSizeAskedFor() throws IOException {
    mixed(20_000).write(Sinks.parquet(path("groups.parquet")).rowGroupRows(4096));
    assertThat(meta(path("groups.parquet"), "count(DISTINCT row_group_id)")).isEqualTo(5L);
    assertThat(meta(path("groups.parquet"), "max(row_group_num_rows)")).isEqualTo(4096L);
    WriteResult result =
        mixed(300_000)
            .write(
                Sinks.parquet(path("files"))
                    .compression(Codec.UNCOMPRESSED)
                    .rowGroupRows(8192)
                    .fileBytes(2_000_000));
    assertThat(result.files()).isGreaterThan(3);
    for (Path file : files(folder.resolve("files"))) {
      assertThat(Files.size(file)).isLessThan(6_000_000);
    }
    assertSame(tarn.parquet(path("files")), mixed(300_000));
  }

  @Test
  void rowsAreWrittenInTheOrderAskedFor() {
    Frame frame = mixed(100_000);
    frame.write(Sinks.parquet(path("sorted.parquet")).sortedBy(desc("x"), "i"));
    List<Object> written = tarn.parquet(path("sorted.parquet")).collect().column("i");
    assertThat(written.get(0)).isEqualTo(99_999L);
    assertThat(written).isSortedAccordingTo((a, b) -> Long.compare((Long) b, (Long) a));
  }

  // ---- partitions

  @Test
  void awkwardPartitionValuesComeBack() {
    List<String> values =
        Arrays.asList(
            "a/b",
            "=",
            "a=b",
            "ü ö",
            "日本",
            " ",
            "",
            "..",
            ".",
            "%2F",
            "*",
            "[x]",
            "?",
            "NULL",
            "null",
            "__HIVE_DEFAULT_PARTITION__",
            "'",
            "\"",
            "x\ny",
            "a\\b",
            "{a,b}",
            "00501",
            "1e5",
            "true",
            "2024-01-01",
            null);
    record Item(long i, String k) {}
    var items = new java.util.ArrayList<Item>();
    for (int i = 0; i < values.size(); i++) {
      items.add(new Item(i, values.get(i)));
    }
    Frame frame = tarn.rows(Item.class, items);
    for (FileFormat format : List.of(FileFormat.PARQUET, FileFormat.CSV, FileFormat.NDJSON)) {
      String target = path("by-" + format);
      assertThat(frame.write(FileSink.of(format, target).partitionedBy("k")).rows())
          .isEqualTo(values.size());
      Frame back = read(format, target);
      List<Row> rows = back.sort("i").collect().stream().toList();
      assertThat(rows).hasSize(values.size());
      for (int i = 0; i < values.size(); i++) {
        assertThat(rows.get(i).value("k")).as("%s %d", format, i).isEqualTo(values.get(i));
        assertThat(rows.get(i).value("i")).isEqualTo((long) i);
      }
      assertThat(back.filter(col("k").eq("a/b")).collect().column("i")).containsExactly(0L);
      assertThat(back.filter(col("k").isNull()).collect().column("i"))
          .containsExactly((long) values.size() - 1);
    }
  }

  @Test
  void partitionsMustBeColumnsAndLeaveSome() {
    assertRefused(
        InvalidRequest.class,
        "Cannot partition by column nope: .* has i, .*",
        () -> mixed(1).write(Sinks.parquet(path("p")).partitionedBy("nope")));
    assertRefused(
        InvalidRequest.class,
        "Cannot partition by column a/b: no folder can have / or = in its key\\. Rename it\\.",
        () ->
            mixed(1)
                .withColumns(lit(1).as("a/b"))
                .write(Sinks.parquet(path("p")).partitionedBy("a/b")));
    assertRefused(
        InvalidRequest.class,
        "Cannot write \\[.*\\]: partitioned by all columns, nothing is left for the files\\. Leave one"
            + " out\\.",
        () -> mixed(1).select("i").write(Sinks.parquet(path("p")).partitionedBy("i")));
  }

  @Test
  void nothingAtAllCanBeWrittenAndReadBack() {
    Frame none = mixed(0);
    for (FileSink sink :
        List.of(
            Sinks.parquet(path("none.parquet")),
            Sinks.parquet(path("none")),
            Sinks.parquet(path("by")).partitionedBy("b"))) {
      assertThat(none.write(sink).rows()).isZero();
      assertThat(tarn.parquet(sink.path()).columns())
          .containsExactlyInAnyOrderElementsOf(none.columns());
      assertThat(tarn.parquet(sink.path()).collect().size()).isZero();
    }
    none.write(Sinks.csv(path("none.csv")));
    // Of a header alone DuckDB cannot always tell that it is one: "t" could be a boolean.
    assertThat(tarn.csv(path("none.csv"), o -> o.header(true)).columns()).isEqualTo(none.columns());
  }

  // ---- what is there already

  @Test
  void whatExistsIsLeftAloneUnlessReplaceIsSaid() throws IOException {
    mixed(10).write(Sinks.parquet(path("a.parquet")));
    mixed(10).write(Sinks.parquet(path("d")));
    Files.writeString(folder.resolve("text"), "mine");
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, old);
    }
    for (String target : List.of("a.parquet", "d", "text")) {
      assertRefused(
          InvalidRequest.class,
          "Cannot write \\[.*"
              + target
              + "\\]: it exists\\. Say replace\\(\\), or choose another path\\.",
          () -> mixed(20).write(Sinks.parquet(path(target))));
    }
    for (Path file : files(folder)) {
      assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    }
    assertThat(tarn.parquet(path("a.parquet")).collect().size()).isEqualTo(10);
    assertThat(tarn.parquet(path("d")).collect().size()).isEqualTo(10);
  }

  @Test
  void anEmptyFolderIsNothingThatExists() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    mixed(10).write(Sinks.parquet(path("d")));
    assertThat(tarn.parquet(path("d")).collect().size()).isEqualTo(10);
  }

  @Test
  void filesAndFoldersAreReplacedWhole() throws IOException {
    mixed(10).write(Sinks.parquet(path("a.parquet")));
    mixed(10).write(Sinks.parquet(path("d")).partitionedBy("b", "day"));
    Frame file = tarn.parquet(path("a.parquet"));
    Frame tree = tarn.parquet(path("d"));
    mixed(20).write(Sinks.parquet(path("a.parquet")).replace());
    mixed(30).write(Sinks.parquet(path("d")).partitionedBy("b").replace());
    assertThat(file.collect().size()).isEqualTo(20);
    assertThat(tree.collect().size()).isEqualTo(30);
    Set<Path> folders = new HashSet<>();
    files(folder.resolve("d")).forEach(path -> folders.add(path.getParent().getFileName()));
    assertThat(folders).containsExactlyInAnyOrder(Path.of("b=true"), Path.of("b=false"));
    mixed(40).write(Sinks.parquet(path("d")).replace());
    assertThat(tarn.parquet(path("d")).collect().size()).isEqualTo(40);
    mixed(50).write(Sinks.csv(path("a.parquet")).replace());
    assertThat(folder.resolve("a.parquet")).isDirectory();
  }

  @Test
  void aWriteMayReplaceWhatItReads() {
    mixed(1000).write(Sinks.parquet(path("a.parquet")));
    mixed(1000).write(Sinks.parquet(path("d")).partitionedBy("b"));
    for (int i = 0; i < 3; i++) {
      tarn.parquet(path("a.parquet"))
          .filter(col("i").gt(9))
          .withColumns(col("i").minus(10).as("i"))
          .write(Sinks.parquet(path("a.parquet")).replace());
      tarn.parquet(path("d"))
          .filter(col("i").gt(9))
          .withColumns(col("i").minus(10).as("i"))
          .write(Sinks.parquet(path("d")).partitionedBy("b").replace());
    }
    assertThat(tarn.parquet(path("a.parquet")).collect().size()).isEqualTo(970);
    assertThat(tarn.parquet(path("d")).collect().size()).isEqualTo(970);
  }

  @ParameterizedTest
  @EnumSource(names = "ARROW", mode = EnumSource.Mode.EXCLUDE)
  void aQueryThatFailsLeavesTheTargetAsItWas(FileFormat format) throws IOException {
    Frame good = mixed(100);
    Frame bad = tarn.sql("SELECT i, 10 // (i - 299999) AS s FROM range(300000) r(i)");
    String suffix = "." + format.name().toLowerCase(Locale.ROOT);
    for (String name : List.of("x" + suffix, "tree")) {
      FileSink sink = FileSink.of(format, path(name));
      assertRefused(
          BadData.class, "Cannot write \\[.*\\]: division by zero .*", () -> bad.write(sink));
      assertThat(folder.resolve(name)).doesNotExist();
      good.write(sink);
      List<Path> before = files(folder);
      assertRefused(
          BadData.class,
          "Cannot write \\[.*\\]: division by zero .*",
          () -> bad.write(sink.replace()));
      assertThat(files(folder)).isEqualTo(before);
      assertSame(read(format, path(name)), good);
    }
  }

  /** DuckDB by itself hangs after about a hundred of these, in native code. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void writesThatFailNeverHang() {
    for (int i = 0; i < Seeds.rounds(150, 5_000); i++) {
      Frame bad =
          tarn.sql(
              "SELECT i, 10 // (i - ?) AS s FROM range(300000) r(i)", 299_999 - (i % 7) * 40_000);
      String target = path("x" + i + (i % 2 == 0 ? ".parquet" : ""));
      assertRefused(BadData.class, ".*division by zero.*", () -> bad.write(Sinks.parquet(target)));
    }
  }

  @Test
  void missingFoldersAboveTheTargetAreMade() {
    mixed(3).write(Sinks.parquet(path("a/b/c.parquet")));
    mixed(3).write(Sinks.parquet(path("a/x y/[d]")));
    assertThat(tarn.parquet(path("a/b/c.parquet")).collect().size()).isEqualTo(3);
    assertThat(tarn.parquet(path("a/x y/[d]")).collect().size()).isEqualTo(3);
    assertThat(tarn.parquet(path("a")).collect().size()).isEqualTo(6);
  }

  @Test
  void columnNamesOfAnyKindAreWritten() {
    Frame frame =
        tarn.sql(
            "SELECT 1::BIGINT AS i, 2 AS \"Cost Total $\", 3 AS \"a\"\"b\", 4 AS \"ü, x\", 5 AS \"select\"");
    for (FileFormat format : FileFormat.values()) {
      if (format != FileFormat.ARROW) {
        String file = path("a." + format.name().toLowerCase(Locale.ROOT));
        frame.write(FileSink.of(format, file));
        assertThat(read(format, file).columns()).isEqualTo(frame.columns());
      }
    }
    frame.write(Sinks.parquet(path("by")).partitionedBy("Cost Total $", "a\"b"));
    assertThat(tarn.parquet(path("by")).collect().row(0).value("Cost Total $")).isEqualTo(2L);
  }

  // ---- what is being written is not read

  @Test
  void draftsOfOtherWritesAreNotRead() throws IOException {
    mixed(10).write(Sinks.parquet(path("in/out")).partitionedBy("b"));
    mixed(10).write(Sinks.csv(path("in/c.csv")));
    Path draft = folder.resolve("in/.out.tarn-0000");
    Files.createDirectories(draft.resolve("b=true"));
    mixed(7).drop("b").write(Sinks.parquet(draft.resolve("b=true/x.parquet").toString()));
    Files.copy(folder.resolve("in/c.csv"), folder.resolve("in/.c.csv.tarn-0000"));
    try {
      assertThat(tarn.parquet(path("in")).collect().size()).isEqualTo(10);
      assertThat(tarn.parquet(path("in/**/*.parquet")).collect().size()).isEqualTo(10);
      assertThat(tarn.sql("FROM '" + path("in/**/*.parquet") + "'").collect().size()).isEqualTo(10);
      assertThat(tarn.csv(path("in")).collect().size()).isEqualTo(10);
      assertThat(tarn.csv(path("in/*")).collect().size()).isEqualTo(10);
      assertThat(tarn.plan(tarn.parquet(path("in"))).sources().get(0).filesTotal()).hasValue(2);
    } finally {
      try (var paths = Files.walk(draft)) {
        paths.sorted(java.util.Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
      }
      Files.delete(folder.resolve("in/.c.csv.tarn-0000"));
    }
  }
}
