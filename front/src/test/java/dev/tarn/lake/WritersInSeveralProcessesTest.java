package dev.tarn.lake;

import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.partitionedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.error.CommitConflict;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes write to one dataset at once: nothing acknowledged is lost or there twice. */
class WritersInSeveralProcessesTest {

  private static final int PROCESSES = 4;
  private static final int SHARED_KEYS = 20;

  @TempDir Path folder;

  @Test
  @Timeout(1800)
  void everyAcknowledgedRowIsThereOnce() throws Exception {
    int commits = Seeds.rounds(50, 500);
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t =
          tarn.create(
              "t",
              tarn.sql("SELECT ''::VARCHAR AS id, 0::BIGINT AS n").limit(0),
              partitionedBy(bucket(4, "id")));
      var children = new ArrayList<ChildProcess>();
      for (int i = 0; i < PROCESSES; i++) {
        Path scratch = Files.createDirectory(folder.resolve("scratch" + i));
        children.add(
            ChildProcess.start(scratch, Writer.class, lake.toString(), i + "", commits + ""));
      }
      var appended = new TreeMap<String, Long>();
      var merged = new HashMap<String, Long>();
      long conflicts = 0;
      for (ChildProcess child : children) {
        List<String> lines = child.lines();
        assertThat(child.exitCode(Duration.ofSeconds(10))).as("%s", lines).isZero();
        for (String line : lines) {
          String[] words = line.split(" ", -1);
          switch (words[0]) {
            case "appended" -> appended.put(words[1], Long.valueOf(words[2]));
            case "merged" -> merged.merge(words[1], 1L, Long::sum);
            case "conflict" -> conflicts++;
            default -> throw new AssertionError(line);
          }
        }
      }
      Map<String, Long> rows = new TreeMap<>();
      try (Stream<Row> all = t.frame().stream()) {
        all.forEach(row ->
            assertThat(rows.put(String.valueOf(row.value("id")), row.longValue("n"))).isNull());
      }
      // a key that several merged counts how often: an update that was lost would be missing
      rows.entrySet().stream()
          .filter(row -> row.getKey().startsWith("shared"))
          .forEach(row ->
              assertThat(row.getValue()).as(row.getKey()).isEqualTo(merged.get(row.getKey())));
      assertThat(rows.keySet())
          .filteredOn(id -> id.startsWith("shared"))
          .hasSameSizeAs(merged.keySet());
      rows.keySet().removeIf(id -> id.startsWith("shared"));
      assertThat(rows).isEqualTo(appended);
      assertThat(appended.size() + merged.values().stream().mapToLong(n -> n).sum() + conflicts)
          .isEqualTo((long) PROCESSES * commits);
      assertThat(conflicts).as("conflicts").isLessThan((long) PROCESSES * commits / 4);
      assertThat(t.verify().problems()).isEmpty();
    }
  }

  /** Appends rows of its own, and adds one to a key that all share. */
  static final class Writer {

    private Writer() {}

    @SuppressWarnings("SystemOut") // how the parent hears of it
    public static void main(String[] arguments) {
      int self = Integer.parseInt(arguments[1]);
      int commits = Integer.parseInt(arguments[2]);
      try (Tarn tarn = Tarn.open(Path.of(arguments[0]))) {
        Dataset t = tarn.dataset("t");
        for (int i = 0; i < commits; i++) {
          try {
            if (i % 5 == 4) {
              String key = "shared" + i % SHARED_KEYS;
              increment(tarn, t, key);
              System.out.println("merged " + key);
            } else {
              String key = self + "-" + i;
              t.append(tarn.sql("SELECT ? AS id, ?::BIGINT AS n", key, i));
              System.out.println("appended " + key + " " + i);
            }
          } catch (CommitConflict e) {
            System.out.println("conflict");
          }
        }
      }
    }

    /** An insert if it is not there, else an update that depends on the value there is. */
    private static void increment(Tarn tarn, Dataset t, String key) {
      if (t.merge(tarn.sql("SELECT ? AS id, 1::BIGINT AS n", key)).on("id").insertNew().inserted()
          == 0) {
        Committed done =
            t.update(
                dev.tarn.Columns.col("id").eq(key),
                Options.set("n", dev.tarn.Columns.col("n").plus(1)));
        assertThat(done.rowsAdded()).isPositive();
      }
    }
  }
}
