package dev.tarn.redis;

import dev.tarn.testkit.redis.RedisServer;
import org.junit.jupiter.api.BeforeAll;

/** A server, empty before each test, and what reads it. */
abstract class RedisTest extends ServerTest {

  @BeforeAll
  static void start() throws Exception {
    server = RedisServer.start();
  }
}
