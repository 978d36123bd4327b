package dev.tarn.redis;

import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server, empty before each test, and what reads it. */
abstract class RedisTest {

  static RedisServer server;

  Tarn tarn;
  Redis redis;

  @BeforeAll
  static void start() throws Exception {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    server.command("FLUSHALL");
    tarn = Tarn.open();
    redis = Redis.open(server.url(), tarn.engine());
  }

  @AfterEach
  void close() {
    redis.close();
    tarn.close();
  }
}
