package dev.tarn.benchmarks;

import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Very many keys into a Parquet file, by a process with a heap of 512 MB. */
final class RedisStreaming {

  private RedisStreaming() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    try (RedisServer server = RedisServer.start()) {
      RedisScans.load(server.port(), scale.streamedKeys());
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
            new Result(
                "redis-stream",
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
}
