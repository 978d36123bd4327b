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

  /** What they say of themselves, and where they are. */
  private static final List<String> SHOPS =
      List.of(
          "Shoes in red, black and brown. Repairs of shoes: 10.7522,59.9139",
          "Hats, red and green; also red scarves: 10.7461,59.9127",
          "Red shoes and nothing else: 5.3221,60.3913",
          "Books on shoemaking, new and old: 10.7389,59.9225");

  /** The sorted sets {@code points:…}. */
  private static final List<String> POINTS =
      List.of("january 120 Ann 95 Bo 310 Cy 205 Di 160 Ed", "february 180 Ann 240 Bo 90 Cy");

  private static final List<String> PAGES = List.of("home", "search", "cart");

  /** 2025-01-01 00:00 UTC. */
  private static final long MIDNIGHT = 1_735_689_600_000L;

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
    commands.add(
        new Object[] {
          "FT.CREATE", "shops_idx", "SCHEMA", "about", "TEXT", "place", "GEO", "staff", "NUMERIC"
        });
    for (int i = 0; i < SHOPS.size(); i++) {
      String[] shop = SHOPS.get(i).split(": ", 2);
      commands.add(
          new Object[] {"HSET", "shop:" + (i + 1), "about", shop[0], "place", shop[1], "staff", i});
      commands.add(new Object[] {"FT.ADDHASH", "shops_idx", "shop:" + (i + 1), 1});
    }
    commands.add(new Object[] {"HSET", "odd:1", "name", "Ann", "age", "34"});
    commands.add(new Object[] {"HSET", "odd:2", "name", "Bo", "age", "unknown"});
    for (String points : POINTS) {
      commands.add(("ZADD points:" + points).split(" "));
    }
    for (int i = 0; i < 60; i++) {
      String id = MIDNIGHT + i * 60_000L + "-0";
      var click = new ArrayList<Object>(List.of("XADD", "clicks:shop", id));
      click.addAll(List.of("page", PAGES.get(i % 3), "ms", i * 7 % 50 + 10));
      commands.add(click.toArray());
    }
    try (RedisClient client = server.client()) {
      client.pipeline(commands);
    }
  }
}
