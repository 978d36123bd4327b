package dev.tarn.lake;

import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.day;
import static dev.tarn.lake.Options.identity;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.set;
import static dev.tarn.lake.Options.truncate;
import static dev.tarn.lake.Options.where;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.Frame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PyIceberg, another reader of Iceberg, sees the same rows. {@code ./test} installs it. */
class OtherReadersTest extends LakeTest {

  private static final String ALL_TYPES =
      """
      SELECT i::INTEGER AS i, (i * 10000000000)::BIGINT AS l, (i / 3)::FLOAT AS f, (i / 7)::DOUBLE AS d,
             (i * 1.25)::DECIMAL(9, 2) AS dec, (i * 1.25)::DECIMAL(38, 10) AS bigdec, i % 2 = 0 AS b,
             'text ' || i AS s, DATE '1960-01-01' + (i * 100)::INTEGER AS day,
             TIMESTAMP '1969-12-31 23:00:00.000001' + to_hours(i) AS ts,
             TIMESTAMPTZ '2024-03-31 00:30:00+01' + to_minutes(i) AS tz,
             TIME '00:00:00.5' + to_seconds(i) AS t,
             ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS u,
             encode('bytes ' || i) AS bytes,
             [i, NULL, i + 1] AS list, {'x': i, 'y': 'member ' || i} AS st,
             MAP {'k' || i: i * 1.5} AS m,
             CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n
      FROM range(?, ?) r(i)
      """;

  @BeforeEach
  void prepare() {
    assumeTrue(Files.isExecutable(python()), "PyIceberg is not installed; ./test does it");
  }

  private static Path python() {
    String said = System.getProperty("tarn.pyiceberg", "../target/pyiceberg/bin/python");
    return Path.of(said).toAbsolutePath().normalize();
  }

  private Frame read(String table, String... more) throws Exception {
    Path out = folder.resolve("out" + System.nanoTime() + ".parquet");
    var command = new ArrayList<>(List.of(python().toString(), script().toString()));
    command.add(folder.resolve("lake/catalog.db").toString());
    command.add("default." + table);
    command.add(out.toString());
    command.addAll(List.of(more));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log, StandardCharsets.UTF_8)).isZero();
    return tarn.parquet(out.toString());
  }

  private static Path script() throws Exception {
    return Path.of(OtherReadersTest.class.getResource("/read_iceberg.py").toURI());
  }

  /** Both have the same rows, as often, each value as text. */
  private void assertSame(Frame ours, Frame theirs) {
    assertThat(theirs.columns()).isEqualTo(ours.columns());
    tarn.register("ours", ours).register("theirs", theirs);
    String text = "SELECT to_json(t)::VARCHAR AS row FROM %s t";
    String difference = "SELECT * FROM (" + text + " EXCEPT ALL " + text + ") LIMIT 3";
    assertThat(tarn.sql(difference.formatted("ours", "theirs")).collect().toString())
        .isEqualTo(tarn.sql(difference.formatted("theirs", "ours")).collect().toString());
    assertThat(tarn.sql(difference.formatted("ours", "theirs")).collect().isEmpty()).isTrue();
  }

  @Test
  void allTypesAreReadAlike() throws Exception {
    Dataset t = tarn.create("t", tarn.sql(ALL_TYPES, 0, 500));
    assertSame(t.frame(), read("t"));
  }

  @Test
  void partitionsAndFiltersAreReadAlike() throws Exception {
    Dataset t =
        tarn.create(
            "t",
            tarn.sql(ALL_TYPES, 0, 300),
            partitionedBy(
                identity("b"), bucket(4, "s"), truncate(100, "i"), bucket(3, "u"), day("tz")));
    assertSame(t.frame(), read("t"));
    assertSame(t.frame().filter("i >= 117 AND i < 131"), read("t", "-", "i >= 117 and i < 131"));
    assertSame(t.frame().filter("s = 'text 42'"), read("t", "-", "s = 'text 42'"));
    assertSame(t.frame().filter("b AND i > 290"), read("t", "-", "b = true and i > 290"));
  }

  @Test
  void bucketsAreThoseOfTheSpecification() throws Exception {
    Dataset t =
        tarn.create(
            "t",
            tarn.sql(ALL_TYPES, 0, 60)
                .select("i", "l", "dec", "s", "day", "ts", "tz", "t", "u", "bytes"),
            partitionedBy(bucket(7, "l"), bucket(5, "dec"), bucket(3, "day"), bucket(2, "ts")));
    for (String filter : List.of("l = 70000000000", "dec = 8.75", "day = '1960-04-10'")) {
      Frame ours = t.frame().filter(filter.replace("'1960", "DATE '1960"));
      assertThat(ours.collect().size()).isEqualTo(1);
      assertSame(ours, read("t", "-", filter));
    }
  }

  @Test
  void evolvedSchemasAreReadAlike() throws Exception {
    Dataset t = tarn.create("t", tarn.sql(ALL_TYPES, 0, 50), partitionedBy(identity("b")));
    long first = t.history().getFirst().snapshot();
    t.renameColumn("s", "label")
        .widen("i", BIGINT)
        .dropColumn("bytes")
        .addColumn("note", VARCHAR)
        .renameColumn("st.x", "ex")
        .addColumn("st.z", VARCHAR)
        .moveFirst("note");
    t.append(
        tarn.sql(
            "SELECT 1000 + i AS i, 'new ' || i AS label, 'n' AS note, true AS b,"
                + " {'ex': i, 'y': 'y', 'z': 'z'} AS st FROM range(10) r(i)"));
    t.repartition(bucket(3, "label"));
    t.update(where("i % 10 = 3"), set("label", "updated"));
    t.merge(tarn.sql("SELECT 5 AS i, 'merged' AS label")).on("i").upsert();
    t.delete(where("i = 7"));
    assertSame(t.frame(), read("t"));
    assertSame(t.at(first), read("t", Long.toString(first)));
  }
}
