package dev.tarn.benchmarks;

import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.plan.Plan;
import dev.tarn.redis.Redis;
import dev.tarn.testkit.redis.RedisClient;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sums of hashes by a search index, against FT.AGGREGATE by hand on a bare client. */
final class RedisAggregates {

  private static final Schema SALE = Schema.of("region", VARCHAR, "amount", DOUBLE);
  private static final List<String> REGIONS = List.of("north", "south", "east", "west", "central");
  private static final String BY_HAND = "FT.AGGREGATE by hand";
  private static final String SERVER = "the server's own time for the same command";
  private static final String TARN = "tarn";
  private static final String GROUP = "redis-aggregate";

  private RedisAggregates() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    var results = new ArrayList<Result>();
    results.add(small(scale)); // first: what takes seconds is run too seldom to warm up
    results.addAll(sums(scale.hashes(), scale.redisRounds()));
    return results;
  }

  /** The module would stop after 500 ms, and answer for a part. */
  private static RedisServer server() throws Exception {
    return RedisServer.start(
        RedisOptions.PLAIN.line("loadmodule " + RedisServer.SEARCH_MODULE + " SAFEMODE TIMEOUT 0"));
  }

  private static List<Result> sums(int hashes, int rounds) throws Exception {
    try (RedisServer server = server();
        RedisClient client = server.client();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      load(server.port(), hashes);
      Frame sums =
          redis
              .hashes("sale:*", SALE, o -> o.index("sales"))
              .groupBy("region")
              .agg(sum("amount").as("total"));
      Object[] byHand = {
        "FT.AGGREGATE",
        "sales",
        "*",
        "LOAD",
        "2",
        "@region",
        "@amount",
        "GROUPBY",
        "1",
        "@region",
        "REDUCE",
        "SUM",
        "1",
        "@amount",
        "AS",
        "total"
      };
      Turns turns =
          new Turns(() -> spent(client))
              .side(TARN, () -> sums.collect().size())
              .side(BY_HAND, () -> groups(client, byHand));
      Times times = turns.run(2 * rounds, rounds); // it takes some to compile what runs so seldom
      Times servers = turns.clockTimes();
      System.out.printf(
          "%,d hashes: tarn %.1f ms, by hand %.1f ms; of them the server %.1f and %.1f ms%n%s%n",
          hashes,
          times.median(TARN),
          times.median(BY_HAND),
          servers.median(TARN),
          servers.median(BY_HAND),
          sums.explain());
      String what = "sums of %,d hashes by region: ".formatted(hashes);
      var beside = new Times(Map.of(TARN, times.of(TARN), SERVER, servers.of(TARN)));
      return List.of(
          Result.difference(GROUP, what + "time", times, TARN, BY_HAND),
          Result.difference(GROUP, what + "time", beside, TARN, SERVER, 10),
          Result.ratio(GROUP, what + "the server's own time", servers, TARN, BY_HAND));
    }
  }

  /** Milliseconds that the server has spent on aggregates. */
  private static double spent(RedisClient client) {
    var usec =
        Pattern.compile("cmdstat_FT.AGGREGATE:calls=\\d+,usec=(\\d+)", Pattern.CASE_INSENSITIVE);
    Matcher found = usec.matcher(String.valueOf(client.text("INFO", "commandstats")));
    return found.find() ? Long.parseLong(found.group(1)) / 1e3 : 0;
  }

  /** What it costs where there is next to nothing to count. */
  private static Result small(Scale scale) throws Exception {
    try (RedisServer server = server();
        RedisClient client = server.client();
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(server.url(), tarn.engine())) {
      load(server.port(), 100);
      Frame sales = redis.hashes("sale:*", SALE, o -> o.index("sales"));
      Frame sums = sales.groupBy("region").agg(sum("amount").as("total"));
      var rows = sales.collect();
      Frame inMemory =
          Frame.of(
                  new Plan.Scan(new dev.tarn.io.BatchSource("rows", rows.schema(), rows.batches())),
                  tarn.engine())
              .groupBy("region")
              .agg(sum("amount").as("total"));
      Object[] same = command(tarn, sums);
      Times times =
          new Turns()
              .side(TARN, () -> sums.collect().size())
              .side(
                  "the command, and the engine on rows in memory",
                  () -> {
                    groups(client, same);
                    return inMemory.collect().size();
                  })
              .run(20, 20 * scale.redisRounds());
      return Result.difference(
          GROUP,
          "sums of 100 hashes: the probe, and finding the index",
          times,
          TARN,
          "the command, and the engine on rows in memory",
          5);
    }
  }

  private static long groups(RedisClient client, Object[] command) throws Exception {
    return ((List<?>) java.util.Objects.requireNonNull(client.command(command))).size() - 1L;
  }

  /** What is sent, as it is shown. */
  private static Object[] command(Tarn tarn, Frame frame) {
    String shown =
        tarn.plan(frame).sources().getFirst().notes().stream()
            .filter(note -> note.startsWith("FT.AGGREGATE "))
            .findFirst()
            .orElseThrow();
    var words = new ArrayList<Object>();
    var matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(shown);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words.toArray();
  }

  private static void load(int port, int hashes) throws Exception {
    var random = new Random(1);
    try (var redis = new RawRedis(port)) {
      redis.send(
          RawRedis.encoded(
              7, "FT.CREATE", "sales", "SCHEMA", "region", "TAG", "amount", "NUMERIC"));
      int waiting = 1;
      for (int i = 0; i < hashes; i++) {
        String key = "sale:" + i;
        String amount = Integer.toString(random.nextInt(1, 100_000));
        redis.send(
            RawRedis.encoded(
                6, "HSET", key, "region", REGIONS.get(i % 5), "amount", amount + ".25"));
        redis.send(RawRedis.encoded(4, "FT.ADDHASH", "sales", key, "1"));
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
