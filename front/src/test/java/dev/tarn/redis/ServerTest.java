package dev.tarn.redis;

import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that a subclass starts, empty before each test, and what reads it. */
abstract class ServerTest {

  static RedisServer server;

  Tarn tarn;
  Redis redis;

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    server.command("FLUSHALL");
    tarn = openTarn();
    redis = Redis.open(server.url(), tarn.engine());
  }

  Tarn openTarn() {
    return Tarn.open();
  }

  @AfterEach
  void close() {
    redis.close();
    tarn.close();
  }
}
