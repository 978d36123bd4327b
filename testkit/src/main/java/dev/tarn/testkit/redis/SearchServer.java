package dev.tarn.testkit.redis;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;

/** Servers with RediSearch 1.2 of Debian's package redis-redisearch. */
public final class SearchServer {

  private SearchServer() {}

  /** Starts one; skips the test where Redis or the module is not installed. */
  public static RedisServer start() throws IOException, InterruptedException {
    return start(RedisOptions.PLAIN);
  }

  /** Starts one with more options. */
  public static RedisServer start(RedisOptions options) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.exists(RedisServer.SEARCH_MODULE),
        "redis-redisearch is not installed; ./test does it");
    // its threads take turns with the server's, which makes documents take 100 times as long to add
    return RedisServer.start(options.line("loadmodule " + RedisServer.SEARCH_MODULE + " SAFEMODE"));
  }
}
