package dev.tarn.lake;

import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.lake.Options.sortedBy;
import static dev.tarn.lake.Options.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries run without a pause while rows are written, compacted, expired and vacuumed: none fails,
 * and each answers for one version.
 */
class ReadersDuringMaintenanceTest {

  private static final int BLOCK = 100;

  @TempDir Path folder;

  @Test
  @Timeout(900)
  void everyQueryAnswersForOneVersion() throws Exception {
    int rounds = Seeds.rounds(8, 200);
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t = tarn.create("t", block(tarn, 0), partitionedBy(bucket(2, "id")), sortedBy("id"));
      var done = new AtomicBoolean();
      try (var pool = Executors.newFixedThreadPool(3)) {
        var readers = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 2; i++) {
          readers.add(pool.submit(() -> read(lake, done)));
        }
        readers.add(pool.submit(() -> read(tarn, done)));
        try {
          for (int round = 1; round <= rounds; round++) {
            maintain(tarn, t, round);
          }
        } finally {
          done.set(true);
        }
        for (Future<Integer> reader : readers) {
          assertThat(reader.get()).as("queries").isGreaterThan(3);
        }
      }
      assertThat(t.verify().problems()).isEmpty();
    }
  }

  private static dev.tarn.Frame block(Tarn tarn, int block) {
    return tarn.sql(
        "SELECT ?::BIGINT * 100 + i AS id, ?::BIGINT AS block FROM range(100) r(i)", block, block);
  }

  private static void maintain(Tarn tarn, Dataset t, int round) {
    t.append(block(tarn, 2 * round));
    t.append(block(tarn, 2 * round + 1));
    t.compact(rewriteAll());
    t.delete(where("block = " + (2 * round - 1)));
    t.compact();
    t.expireSnapshots(Duration.ZERO, 1);
    t.vacuum(Duration.ofSeconds(8)); // longer than any query here, also on a slow machine
  }

  private static int read(Path lake, AtomicBoolean done) {
    try (Tarn tarn = Tarn.open(lake)) {
      return read(tarn, done);
    }
  }

  /** Reads until all is done; blocks are there whole or not at all, twice in one query alike. */
  private static int read(Tarn tarn, AtomicBoolean done) {
    int queries = 0;
    while (!done.get()) {
      List<Row> blocks =
          tarn
              .sql(
                  "SELECT a.block, count(*) AS n, count(DISTINCT a.id) AS ids"
                      + " FROM t a JOIN t b ON a.id = b.id GROUP BY a.block")
              .collect()
              .stream()
              .toList();
      assertThat(blocks).isNotEmpty();
      for (Row row : blocks) {
        assertThat(row.longValue("n")).as("rows of block %s", row.value("block")).isEqualTo(BLOCK);
        assertThat(row.longValue("ids")).isEqualTo(BLOCK);
      }
      assertThat(
              tarn.sql("SELECT (SELECT count(*) FROM t) - (SELECT count(*) FROM t)")
                  .collect()
                  .value())
          .isEqualTo(0L);
      queries++;
    }
    return queries;
  }
}
