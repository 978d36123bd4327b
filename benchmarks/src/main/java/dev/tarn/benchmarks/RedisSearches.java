package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.redis.Redis;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SearchServer;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;

/** Filters on hashes by a search index, against the scan of the same frame. */
final class RedisSearches {

  private static final Schema DOCUMENT =
      Schema.of(
          "name", VARCHAR, "share", BIGINT, "status", VARCHAR, "salary", DOUBLE, "email", VARCHAR,
          "city", VARCHAR, "score", DOUBLE, "visits", BIGINT);

  private static final int WARM_UPS = 30;

  private static final String GROUP = "redis-search";
  private static final String FLOOR = "a bare socket: the search, and HMGET of what it finds";
  private static final String SCAN = "the scan of the same frame";

  private RedisSearches() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    try (RedisServer server = SearchServer.start();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      load(server.port(), scale.hashes());
      var results = new ArrayList<Result>();
      results.addAll(few(scale, server.port(), redis));
      results.add(counted(scale, redis));
      results.add(compare(scale, redis, 10, 1 / 8.0));
      results.add(compare(scale, redis, 100, 1.1));
      return results;
    }
  }

  /** All rows of some percent, each column of which is read. */
  private static Result compare(Scale scale, Redis redis, int percent, double most)
      throws Exception {
    Frame indexed = redis.hashes("user:*", DOCUMENT, o -> o.index("users"));
    Frame scanned = redis.hashes("user:*", DOCUMENT, o -> o.withoutIndex());
    for (int i = 0; i < WARM_UPS / percent; i++) { // the scan of so many hashes warms itself up
      rows(indexed, percent);
    }
    Times times =
        new Turns()
            .side("tarn", () -> rows(indexed, percent))
            .side(SCAN, () -> rows(scanned, percent))
            .run(1, scale.redisRounds());
    System.out.printf(
        "%d %%: tarn %.1f ms, the scan %.1f ms%n%s%n",
        percent,
        times.median("tarn"),
        times.median(SCAN),
        indexed.filter(col("share").lt(percent)).explain());
    return Result.ratio(
        GROUP,
        "%,d hashes, %d %% of them: time".formatted(scale.hashes(), percent),
        times,
        "tarn",
        SCAN,
        most);
  }

  /** One percent, and what a bare socket takes for the same search and the same values. */
  private static List<Result> few(Scale scale, int port, Redis redis) throws Exception {
    Frame indexed = redis.hashes("user:*", DOCUMENT, o -> o.index("users"));
    Frame scanned = redis.hashes("user:*", DOCUMENT, o -> o.withoutIndex());
    byte[] search =
        RawRedis.encoded(
            7, "FT.SEARCH", "users", "@share:[-inf (1]", "NOCONTENT", "LIMIT", "0", "1000000");
    Turns.Side tarn = () -> rows(indexed, 1);
    Turns.Side bare = () -> RedisFloor.read(port, search, DOCUMENT.names());
    for (int i = 0; i < WARM_UPS; i++) {
      tarn.run();
      bare.run();
    }
    Times times =
        new Turns()
            .side("tarn", tarn)
            .side(FLOOR, bare)
            .side(SCAN, () -> rows(scanned, 1))
            .run(1, scale.redisRounds());
    System.out.printf(
        "1 %%: tarn %.1f ms, a bare socket %.1f ms, the scan %.1f ms%n%s%n",
        times.median("tarn"),
        times.median(FLOOR),
        times.median(SCAN),
        indexed.filter(col("share").lt(1)).explain());
    String what = "%,d hashes, 1 %% of them: ".formatted(scale.hashes());
    return List.of(
        Result.ratio(GROUP, what + "time", times, "tarn", SCAN, 0.01),
        Result.ratio(GROUP, what + "a bare socket's time", times, FLOOR, SCAN),
        Result.ratio(GROUP, what + "time", times, "tarn", FLOOR));
  }

  /** Those of one percent only counted, which the index does by itself. */
  private static Result counted(Scale scale, Redis redis) throws Exception {
    Frame all = redis.hashes("user:*", DOCUMENT, o -> o.index("users"));
    Frame indexed = all.filter(col("share").lt(1)).agg(count().as("n"));
    Frame scanned =
        redis
            .hashes("user:*", DOCUMENT, o -> o.withoutIndex())
            .filter(col("share").lt(1))
            .agg(count().as("n"));
    Times times =
        new Turns()
            .side("tarn", () -> indexed.collect().size())
            .side(SCAN, () -> scanned.collect().size())
            .run(1, scale.redisRounds());
    System.out.println(indexed.explain());
    return Result.ratio(
        GROUP,
        "%,d hashes, 1 %% of them only counted: time".formatted(scale.hashes()),
        times,
        "tarn",
        SCAN,
        0.01);
  }

  private static long rows(Frame frame, int percent) {
    return frame.filter(col("share").lt(percent)).collect().size();
  }

  /** Hashes of 8 fields, of which an index has two. */
  private static void load(int port, int hashes) throws Exception {
    try (var redis = new RawRedis(port)) {
      redis.send(
          RawRedis.encoded(7, "FT.CREATE", "users", "SCHEMA", "share", "NUMERIC", "status", "TAG"));
      int waiting = 1;
      for (int i = 0; i < hashes; i++) {
        redis.send(RedisScans.hset(i, "share", "" + i % 100));
        redis.send(RawRedis.encoded(4, "FT.ADDHASH", "users", "user:" + i, "1"));
        waiting += 2;
        if (waiting >= 1000 || i == hashes - 1) {
          redis.flush();
          for (; waiting > 0; waiting--) {
            redis.line();
          }
        }
      }
    }
  }
}
