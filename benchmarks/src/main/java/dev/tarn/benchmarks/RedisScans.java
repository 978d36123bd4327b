package dev.tarn.benchmarks;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.expr.Expr;
import dev.tarn.redis.Redis;
import dev.tarn.redis.ScanReport;
import dev.tarn.testkit.redis.FlakyProxy;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All hashes of a local server, into an aggregate of the engine, against a bare socket. */
final class RedisScans {

  static final Schema USER =
      Schema.of(
          "name", VARCHAR, "age", BIGINT, "status", VARCHAR, "salary", DOUBLE, "email", VARCHAR,
          "city", VARCHAR, "score", DOUBLE, "visits", BIGINT);

  private static final String FLOOR = "a bare socket";

  private RedisScans() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    try (RedisServer server = RedisServer.start();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      load(server.port(), scale.hashes());
      var results = new ArrayList<Result>();
      for (int fields : new int[] {3, USER.size()}) {
        results.addAll(compare(scale, server, redis, fields));
      }
      results.add(delayed(scale, server, tarn));
      return results;
    }
  }

  private static final String TUNED = "the best of 12 sizes of batches and numbers of connections";

  /** 20 ms there and back: what is tuned by itself against what is tuned by hand. */
  private static Result delayed(Scale scale, RedisServer server, Tarn tarn) throws Exception {
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis redis = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.delay(FlakyProxy.Direction.TO_SERVER, Duration.ofMillis(10));
      proxy.delay(FlakyProxy.Direction.TO_CLIENT, Duration.ofMillis(10));
      String pattern = "user:" + (scale.hashes() > 100_000 ? "1*" : "*");
      Schema some = new Schema(USER.fields().subList(0, 3));
      var best = new double[] {Double.MAX_VALUE};
      var found = new int[2];
      for (int batch : new int[] {250, 500, 1000, 2000}) {
        for (int connections : new int[] {1, 2, 4}) {
          Frame tuned =
              redis
                  .hashes(pattern, some, o -> o.batchSize(batch).connections(connections))
                  .agg(aggregates(some));
          long start = System.nanoTime();
          tuned.collect();
          double millis = (System.nanoTime() - start) / 1e6;
          if (millis < best[0]) {
            best[0] = millis;
            found[0] = batch;
            found[1] = connections;
          }
        }
      }
      Frame tuned =
          redis
              .hashes(pattern, some, o -> o.batchSize(found[0]).connections(found[1]))
              .agg(aggregates(some));
      var reports = new ArrayList<ScanReport>();
      Frame own = redis.hashes(pattern, some, o -> o.onReport(reports::add)).agg(aggregates(some));
      Times times =
          new Turns()
              .side(TUNED, () -> tuned.collect().size())
              .side("tarn", () -> own.collect().size())
              .run(0, scale.redisRounds());
      System.out.println(
          "best by hand: %d keys over %d connections; by itself: %s"
              .formatted(found[0], found[1], reports.getLast()));
      return Result.ratio(
          "redis",
          "%s, 3 of 8 fields, 20 ms away: time".formatted(pattern),
          times,
          "tarn",
          TUNED,
          1 / 0.8);
    }
  }

  private static List<Result> compare(Scale scale, RedisServer server, Redis redis, int fields)
      throws Exception {
    Schema some = new Schema(USER.fields().subList(0, fields));
    Frame query = redis.hashes("user:*", some).agg(aggregates(some));
    String what = "%,d hashes, %d of 8 fields".formatted(scale.hashes(), fields);
    var turns = new Turns();
    for (int connections : new int[] {1, 2}) {
      turns.side(
          FLOOR + ", %d+1 connections".formatted(connections),
          () -> RedisFloor.read(server.port(), "user:*", some.names(), connections));
    }
    Times times =
        turns
            .side("tarn", () -> query.collect().stream().toList().getFirst().longValue("rows"))
            .run(scale.warmups(), scale.redisRounds());
    var results = new ArrayList<Result>();
    for (int connections : new int[] {1, 2}) {
      String peer = FLOOR + ", %d+1 connections".formatted(connections);
      results.add(Result.ratio("redis", what + ": time", times, "tarn", peer, 1 / 0.9));
      System.out.printf(
          "%s: floor %,.0f rows/s, tarn %,.0f rows/s%n",
          what,
          scale.hashes() * 1e3 / times.median(peer),
          scale.hashes() * 1e3 / times.median("tarn"));
    }
    return results;
  }

  static Expr[] aggregates(Schema schema) {
    var aggregates = new ArrayList<Expr>();
    aggregates.add(count().as("rows"));
    for (Field field : schema.fields()) {
      Expr aggregate =
          field.type().equals(DataType.VARCHAR) ? count(field.name()) : sum(field.name());
      aggregates.add(aggregate.as(field.name()));
    }
    return aggregates.toArray(Expr[]::new);
  }

  /** The command for a hash of 8 fields, made of its number alone but for the second. */
  static byte[] hset(int number, String field, String value) {
    return RawRedis.encoded(
        18,
        "HSET",
        "user:" + number,
        "name",
        "user name " + number,
        field,
        value,
        "status",
        number % 3 == 0 ? "active" : "inactive",
        "salary",
        (number % 100_000) + ".5",
        "email",
        "user" + number + "@example.com",
        "city",
        "city" + number % 500,
        "score",
        "0." + number % 1000,
        "visits",
        "" + number * 7L);
  }

  /** Hashes of 8 fields, made of row numbers alone. */
  static void load(int port, int hashes) throws Exception {
    try (var redis = new RawRedis(port)) {
      int waiting = 0;
      for (int i = 0; i < hashes; i++) {
        redis.send(hset(i, "age", "" + i % 90));
        if (++waiting == 1000 || i == hashes - 1) {
          redis.flush();
          for (; waiting > 0; waiting--) {
            redis.line();
          }
        }
      }
    }
  }
}
