package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.redis.Redis;
import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Very many keys: one of them by name, and all into a Parquet file, by a process with a heap of 512
 * MB.
 */
final class RedisStreaming {

  private static final String GROUP = "redis-stream";

  private RedisStreaming() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    try (RedisServer server = RedisServer.start()) {
      RedisScans.load(server.port(), scale.streamedKeys());
      Result byKey = byKey(scale, server);
      Path file = fixtures.folder().resolve("redis.parquet");
      Files.createDirectories(fixtures.folder());
      try {
        Map<String, Double> numbers =
            Child.numbers(
                Child.run(
                    Child.java(
                        List.of("-Xmx512m"),
                        Child.classPath(),
                        RedisStreamingChild.class.getName(),
                        server.port(),
                        file)));
        boolean all = numbers.getOrDefault("rows", 0.0) == scale.streamedKeys();
        return List.of(
            byKey,
            new Result(
                GROUP,
                "%,d hashes of 8 fields to Parquet (-Xmx512m)".formatted(scale.streamedKeys()),
                "",
                "%s; %,.0f rows/s, peak heap %,.0f MB"
                    .formatted(
                        all ? "passes" : "fails",
                        numbers.getOrDefault("rows", 0.0)
                            / Math.max(1e-3, numbers.getOrDefault("millis", 0.0) / 1e3),
                        numbers.getOrDefault("heap_mb", 0.0)),
                "passes",
                Result.Verdict.of(all),
                numbers));
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }

  /** One key by name: a scan would look at all of them. */
  private static Result byKey(Scale scale, RedisServer server) throws Exception {
    try (Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      Frame users = redis.hashes("user:*", RedisScans.USER);
      Times times =
          new Turns()
              .side(
                  "tarn",
                  () ->
                      users
                          .filter(col("_key").eq("user:" + scale.streamedKeys() / 2))
                          .collect()
                          .size())
              .run(scale.smallRounds(), scale.smallRounds());
      double millis = times.median("tarn");
      return new Result(
          GROUP,
          "one key of %,d by name, median of %d"
              .formatted(scale.streamedKeys(), scale.smallRounds()),
          "",
          "%.2f ms".formatted(millis),
          "≤ 5 ms",
          Result.Verdict.of(millis <= 5),
          Map.of("median_ms", millis));
    }
  }
}
