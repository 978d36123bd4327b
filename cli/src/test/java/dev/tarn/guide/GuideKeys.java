package dev.tarn.guide;

import dev.tarn.testkit.redis.RedisClient;
import dev.tarn.testkit.redis.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that the pages read; {@code docs/guide/redis.md} and {@code redis-search.md} describe
 * them.
 */
final class GuideKeys {

  private static final List<String> CITIES = List.of("Oslo", "Bergen", "Tromsø", "Paris");

  private GuideKeys() {}

  static void write(RedisServer server) throws IOException {
    var commands = new ArrayList<Object[]>();
    commands.add(new Object[] {"FLUSHALL"});
    for (int i = 1; i <= 1000; i++) {
      var user =
          new ArrayList<Object>(
              List.of("HSET", "user:" + i, "name", "name" + i, "age", i * 7 % 90));
      user.addAll(List.of("city", CITIES.get(i % 4), "balance", i * 37 % 10_000 / 100.0));
      user.addAll(List.of("zip", "%05d".formatted(i * 13)));
      if (i % 10 != 0) {
        user.addAll(List.of("since", "20%02d-%02d-01".formatted(i % 24, i % 12 + 1)));
      }
      commands.add(user.toArray());
    }
    for (int i = 1; i <= 50; i++) {
      commands.add(new Object[] {"SET", "visits:" + i, i * 2});
    }
    commands.add(
        new Object[] {
          "FT.CREATE", "users_idx", "SCHEMA", "age", "NUMERIC", "city", "TAG", "name", "TEXT"
        });
    for (int i = 1; i <= 1000; i++) {
      commands.add(new Object[] {"FT.ADDHASH", "users_idx", "user:" + i, 1});
    }
    commands.add(new Object[] {"HSET", "odd:1", "name", "Ann", "age", "34"});
    commands.add(new Object[] {"HSET", "odd:2", "name", "Bo", "age", "unknown"});
    try (RedisClient client = server.client()) {
      client.pipeline(commands);
    }
  }
}
