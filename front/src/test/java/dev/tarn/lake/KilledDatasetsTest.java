package dev.tarn.lake;

import static dev.tarn.Columns.lit;
import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.lake.Options.set;
import static dev.tarn.lake.Options.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that change a dataset are killed at any moment, and after each file that they write:
 * what is left is one of the committed states, with all that was acknowledged in it.
 */
class KilledDatasetsTest {

  /** How many steps there are before they begin anew. */
  private static final int CYCLE = 12;

  @TempDir Path folder;

  // ---- what is done, by number; the same in the child and in the model

  /** Does step k to the dataset. */
  private static void step(Tarn tarn, Dataset t, long k, Path elsewhere) throws IOException {
    switch ((int) (k % CYCLE)) {
      case 0 -> t.overwrite(fresh(tarn, k));
      case 1, 2, 5 -> t.append(appended(tarn, k));
      case 3 -> t.merge(merged(tarn, k)).on("id").upsert();
      case 4 -> t.delete(where("id % 7 = " + k % 7));
      case 6 -> t.compact();
      case 7 -> t.update(where("id % 5 = " + k % 5), set("v", lit(k)));
      case 8 -> t.overwrite(replaced(tarn, k), where("id BETWEEN 20 AND 39"));
      case 9 -> t.expireSnapshots(Duration.ZERO);
      case 10 -> t.compact(rewriteAll());
      case 11 -> {
        t.vacuum(Duration.ZERO);
        adopt(tarn, k, elsewhere);
      }
      default -> throw new AssertionError();
    }
  }

  private static void adopt(Tarn tarn, long k, Path elsewhere) {
    String name = "adopted_" + k;
    if (!tarn.lake().contains(name)) {
      tarn.lake().adopt(elsewhere.toString(), name);
    }
  }

  private static Frame fresh(Tarn tarn, long k) {
    return tarn.sql("SELECT i AS id, ?::BIGINT AS v, 'x' || i AS s FROM range(60) r(i)", k);
  }

  private static Frame appended(Tarn tarn, long k) {
    return tarn.sql(
        "SELECT ?::BIGINT * 1000 + i AS id, ?::BIGINT AS v, 'x' || i AS s FROM range(25) r(i)",
        k,
        k);
  }

  private static Frame merged(Tarn tarn, long k) {
    return tarn.sql("SELECT i AS id, ?::BIGINT AS v, 'x' || i AS s FROM range(0, 200, 4) r(i)", k);
  }

  private static Frame replaced(Tarn tarn, long k) {
    return tarn.sql("SELECT i AS id, ?::BIGINT AS v, 'x' || i AS s FROM range(25, 35) r(i)", k);
  }

  /** What step k makes of a state: v by id. */
  private static void step(Map<Long, Long> state, long k) {
    switch ((int) (k % CYCLE)) {
      case 0 -> {
        state.clear();
        for (long i = 0; i < 60; i++) {
          state.put(i, k);
        }
      }
      case 1, 2, 5 -> {
        for (long i = 0; i < 25; i++) {
          state.put(k * 1000 + i, k);
        }
      }
      case 3 -> {
        for (long i = 0; i < 200; i += 4) {
          state.put(i, k);
        }
      }
      case 4 -> state.keySet().removeIf(id -> id % 7 == k % 7);
      case 7 -> state.replaceAll((id, v) -> id % 5 == k % 5 ? Long.valueOf(k) : v);
      case 8 -> {
        state.keySet().removeIf(id -> id >= 20 && id <= 39);
        for (long i = 25; i < 35; i++) {
          state.put(i, k);
        }
      }
      default -> {}
    }
  }

  // ---- the parent

  @Test
  @Timeout(3600)
  void whatIsLeftIsOneOfTheCommittedStates() throws Exception {
    int kills = Seeds.rounds(200, 5000);
    long seed = Seeds.first();
    var random = new Random(seed);
    Path lake = folder.resolve("lake");
    Path elsewhere = folder.resolve("elsewhere");
    var state = new TreeMap<Long, Long>();
    long next = 0;
    var interrupted = new TreeSet<Integer>();
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t = prepare(tarn, elsewhere);
      ChildProcess standby = child(lake, elsewhere);
      for (int kill = 0; kill < kills; kill++) {
        String as = "-Dtarn.seed=%d, kill %d".formatted(seed, kill);
        long acknowledged;
        try (ChildProcess child = standby) {
          child.await("warm");
          standby = child(lake, elsewhere);
          acknowledged = killed(child, t, next, random);
        }
        for (; next <= acknowledged; next++) {
          step(state, next);
        }
        Map<Long, Long> rows = rows(t);
        var more = new TreeMap<>(state);
        step(more, next);
        if (!rows.equals(state)) {
          assertThat(rows).as(as + ", in step " + next).isEqualTo(more);
          state = more;
          next++;
        } else {
          interrupted.add((int) (next % CYCLE));
        }
        assertThat(t.verify().problems()).as(as).isEmpty();
      }
      standby.close();
      assertThat(interrupted).as("kinds of steps that a kill undid").hasSizeGreaterThan(4);
      t.vacuum(Duration.ZERO);
      assertThat(t.verify().problems()).isEmpty();
      assertThat(rows(t)).isEqualTo(state);
      for (String name : tarn.lake().datasets()) {
        assertThat(tarn.dataset(name).verify().problems()).isEmpty();
      }
    }
  }

  private static Dataset prepare(Tarn tarn, Path elsewhere) {
    tarn.sql("SELECT i AS id, i % 3 AS part FROM range(50) r(i)")
        .write(dev.tarn.Sinks.parquet(elsewhere.toString()).partitionedBy("part"));
    return tarn.create(
        "t",
        tarn.sql("SELECT 0::BIGINT AS id, 0::BIGINT AS v, '' AS s").limit(0),
        partitionedBy(bucket(3, "id")));
  }

  private ChildProcess child(Path lake, Path elsewhere) throws IOException {
    Path scratch = Files.createTempDirectory(folder, "scratch");
    return ChildProcess.start(
        scratch, Worker.class, lake.toString(), elsewhere.toString(), scratch.toString());
  }

  /** Lets the child go on from a step and kills it; the last step that it has acknowledged. */
  private long killed(ChildProcess child, Dataset t, long next, Random random) throws Exception {
    Path location = Path.of(t.table().location());
    try (WatchService watch = location.getFileSystem().newWatchService()) {
      for (String part : new String[] {"data", "metadata"}) {
        Path watched = Files.createDirectories(location.resolve(part));
        watched.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      }
      folder.resolve("lake").register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      child.send(Long.toString(next));
      if (random.nextBoolean()) {
        Thread.sleep(random.nextInt(600));
      } else {
        await(watch, 1 + random.nextInt(40));
      }
      child.kill();
    }
    long acknowledged = next - 1;
    for (String line : child.lines()) {
      if (line.startsWith("done ")) {
        acknowledged = Long.parseLong(line.substring(5));
      } else {
        assertThat(line).as("what the child says").doesNotContain("Exception");
      }
    }
    return acknowledged;
  }

  /** Waits until so many files have come. */
  private static void await(WatchService watch, int files) throws InterruptedException {
    int seen = 0;
    while (seen < files) {
      WatchKey key = watch.poll(3, TimeUnit.SECONDS);
      if (key == null) {
        return;
      }
      seen += key.pollEvents().size();
      key.reset();
    }
  }

  private static Map<Long, Long> rows(Dataset t) {
    var rows = new TreeMap<Long, Long>();
    try (Stream<dev.tarn.Row> all = t.frame().stream()) {
      all.forEach(row -> assertThat(rows.put(row.longValue("id"), row.longValue("v"))).isNull());
    }
    return rows;
  }

  // ---- the child

  /** Does one step after the other until it is killed. */
  static final class Worker {

    private Worker() {}

    @SuppressWarnings("SystemOut") // how the parent hears of it
    public static void main(String[] arguments) throws IOException {
      Path elsewhere = Path.of(arguments[1]);
      try (Tarn warm = Tarn.open(Path.of(arguments[2], "warm"))) {
        warm.create("t", fresh(warm, 0)).compact(rewriteAll());
      }
      System.out.println("warm");
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      long k = Long.parseLong(input.readLine());
      try (Tarn tarn = Tarn.open(Path.of(arguments[0]))) {
        Dataset t = tarn.dataset("t");
        for (; ; k++) {
          step(tarn, t, k, elsewhere);
          System.out.println("done " + k);
        }
      }
    }
  }
}
