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
 * All hashes of a local server as rows, against polars-redis in a process of its own, where {@code
 * benchmarks/install-peer} has installed it: as it is by itself, and of few hashes with its
 * workers. Of many, its scans end in a time-out of its own more often than not, always with
 * workers; then it is asked again, and only the time of a scan that comes to its end counts. A bare
 * socket tells how much of the time is the server's.
 */
final class RedisPeer {

  private static final Path PYTHON = Path.of("benchmarks", "target", "peer", "bin", "python");
  private static final Path SCRIPT =
      Path.of("benchmarks", "src", "main", "python", "polars_redis_side.py");

  private static final String FLOOR = "a bare socket, 1+1 connections";

  private static final int FEW = 20_000;
  private static final int[] FIELDS = {3, RedisScans.USER.size()};

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
      var sides = new Sides(server.port(), redis, peer);
      var results = new ArrayList<Result>();
      int few = Math.min(FEW, scale.hashes());
      RedisScans.load(server.port(), few);
      for (int fields : FIELDS) {
        var turns = sides.turns(fields, 0, 4);
        Times times = turns.run(15 * scale.warmups(), 5 * scale.datasetRounds());
        results.addAll(results(few, fields, times, 0, 4));
      }
      RedisScans.load(server.port(), scale.hashes());
      for (int fields : FIELDS) {
        Times times = sides.turns(fields, 0).run(1, scale.datasetRounds());
        results.addAll(results(scale.hashes(), fields, times, 0));
      }
      return results;
    }
  }

  /** Who reads the same hashes. */
  private record Sides(int port, Redis redis, Peer peer) {

    Turns turns(int fields, int... peerWorkers) {
      Schema some = new Schema(RedisScans.USER.fields().subList(0, fields));
      Frame query = redis.hashes("user:*", some);
      var turns =
          new Turns()
              .side("tarn", () -> query.collect().size())
              .side(FLOOR, () -> RedisFloor.read(port, "user:*", some.names(), 1));
      for (int workers : peerWorkers) {
        turns.side(name(workers), () -> peer.rows(fields, workers));
      }
      return turns;
    }
  }

  private static List<Result> results(int hashes, int fields, Times times, int... peerWorkers) {
    var results = new ArrayList<Result>();
    String what = "%,d hashes, %d of 8 fields".formatted(hashes, fields);
    for (int workers : peerWorkers) {
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

    long rows(int fields, int workers) throws IOException, Turns.TryAgain {
      commands.write(fields + " " + workers + "\n");
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("polars-redis has ended");
      }
      if (answer.contains("timed out")) {
        throw new Turns.TryAgain("polars-redis: " + answer);
      }
      return Long.parseLong(answer);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
