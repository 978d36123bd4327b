package dev.tarn.benchmarks;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.redis.Redis;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All hashes of a local server, aggregated, against polars-redis in a process of its own, where
 * {@code benchmarks/install-peer} has installed it: as it is by itself, and with its workers. Most
 * of its scans that take more than some 0.5 s end in a time-out of its own. A bare socket tells how
 * much of the time is the server's.
 */
final class RedisPeer {

  private static final Path PYTHON = Path.of("benchmarks", "target", "peer", "bin", "python");
  private static final Path SCRIPT =
      Path.of("benchmarks", "src", "main", "python", "polars_redis_side.py");

  private static final String FLOOR = "a bare socket, 1+1 connections";

  private static final int MOST = 40_000;
  private static final int[] WORKERS = {0, 4};

  private RedisPeer() {}

  @SuppressWarnings("SystemOut")
  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    if (!Files.exists(PYTHON)) {
      System.out.println("polars-redis is not there: benchmarks/install-peer installs it");
      return List.of();
    }
    try (RedisServer server = RedisServer.start();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine());
        Peer peer = Peer.start(server.url())) {
      int hashes = Math.min(MOST, scale.hashes());
      RedisScans.load(server.port(), hashes);
      var results = new ArrayList<Result>();
      for (int fields : new int[] {3, RedisScans.USER.size()}) {
        results.addAll(compare(scale, hashes, server.port(), redis, peer, fields));
      }
      return results;
    }
  }

  private static List<Result> compare(
      Scale scale, int hashes, int port, Redis redis, Peer peer, int fields) throws Exception {
    Schema some = new Schema(RedisScans.USER.fields().subList(0, fields));
    Frame query = redis.hashes("user:*", some).agg(RedisScans.aggregates(some));
    var turns =
        new Turns()
            .side("tarn", () -> query.collect().stream().toList().getFirst().longValue("rows"))
            .side(FLOOR, () -> RedisFloor.read(port, "user:*", some.names(), 1));
    for (int workers : WORKERS) {
      turns.side(name(workers), () -> peer.rows(fields, workers));
    }
    Times times = turns.run(15 * scale.warmups(), 5 * scale.datasetRounds());
    var results = new ArrayList<Result>();
    String what = "%,d hashes, %d of 8 fields".formatted(hashes, fields);
    for (int workers : WORKERS) {
      results.add(Result.ratio("redis-peer", what, times, "tarn", name(workers), 0.2));
    }
    results.add(Result.ratio("redis-peer", what + ": " + FLOOR, times, FLOOR, name(0)));
    return results;
  }

  private static String name(int workers) {
    return workers == 0 ? "polars-redis" : "polars-redis, parallel=" + workers;
  }

  /** The process, which does as it is told line by line. */
  private record Peer(Process process, Writer commands, BufferedReader answers)
      implements AutoCloseable {

    static Peer start(String url) throws IOException {
      Process process =
          new ProcessBuilder(PYTHON.toString(), SCRIPT.toString(), url)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Peer(process, process.outputWriter(), process.inputReader());
    }

    long rows(int fields, int workers) throws IOException {
      commands.write(fields + " " + workers + "\n");
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("polars-redis has ended");
      }
      return Long.parseLong(answer);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
