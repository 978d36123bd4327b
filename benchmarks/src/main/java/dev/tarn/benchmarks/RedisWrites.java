package dev.tarn.benchmarks;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.redis.IfExists;
import dev.tarn.redis.Redis;
import dev.tarn.testkit.redis.RedisServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A frame written as hashes, against {@code redis-cli --pipe} with the same commands in a file. */
final class RedisWrites {

  private static final String PIPE = "redis-cli --pipe, the same commands from a file";

  private RedisWrites() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    Path commands = Files.createTempFile("tarn-commands", ".resp");
    try (RedisServer server = RedisServer.start();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      int hashes = scale.hashes();
      write(commands, hashes);
      Frame rows =
          tarn.sql(
              """
              SELECT i AS id, 'user name ' || i AS name, i %% 90 AS age,
                     CASE WHEN i %% 3 = 0 THEN 'active' ELSE 'inactive' END AS status,
                     (i %% 100000) || '.5' AS salary, 'user' || i || '@example.com' AS email,
                     'city' || (i %% 500) AS city, '0.' || (i %% 1000) AS score, i * 7 AS visits
              FROM range(%d) t(i)
              """
                  .formatted(hashes));
      Times times =
          new Turns()
              .side(PIPE, () -> pipe(server, commands))
              .side(
                  "tarn",
                  () -> {
                    rows.write(redis.toHashes("user:").key("id").ifExists(IfExists.REPLACE));
                    return size(server);
                  })
              .run(1, scale.redisRounds());
      return List.of(
          Result.ratio(
              "redis-write",
              "%,d hashes of 8 fields, each replaced as a whole: time".formatted(hashes),
              times,
              "tarn",
              PIPE,
              1 / 0.8));
    } finally {
      Files.delete(commands);
    }
  }

  private static long size(RedisServer server) {
    return server.command("DBSIZE") instanceof Long keys ? keys : -1;
  }

  private static long pipe(RedisServer server, Path commands)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("redis-cli", "-p", Integer.toString(server.port()), "--pipe")
            .redirectInput(commands.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("redis-cli failed");
    }
    return size(server);
  }

  private static void write(Path file, int hashes) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      byte[] multi = RawRedis.encoded(1, "MULTI");
      byte[] exec = RawRedis.encoded(1, "EXEC");
      for (int i = 0; i < hashes; i++) {
        out.write(multi);
        out.write(RawRedis.encoded(2, "UNLINK", "user:" + i));
        out.write(RedisScans.hset(i, "age", "" + i % 90));
        out.write(exec);
      }
    }
  }
}
