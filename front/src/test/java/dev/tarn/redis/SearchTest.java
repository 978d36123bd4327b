package dev.tarn.redis;

import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SearchServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server with the search module, empty before each test, and what reads it. */
abstract class SearchTest {

  static RedisServer server;

  Tarn tarn;
  Redis redis;

  @BeforeAll
  static void start() throws Exception {
    server = SearchServer.start();
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

  /** Writes hashes and adds them to an index. */
  static void add(String index, Map<String, Map<String, String>> documents) throws Exception {
    var commands = new ArrayList<Object[]>();
    documents.forEach((key, fields) -> {
      var hset = new ArrayList<Object>(List.of("HSET", key));
      fields.forEach((field, value) -> hset.addAll(List.of(field, value)));
      commands.add(hset.toArray());
      commands.add(new Object[] {"FT.ADDHASH", index, key, 1});
    });
    try (var client = server.client()) {
      for (Object reply : client.pipeline(commands)) {
        if (reply instanceof RuntimeException error) {
          throw error;
        }
      }
    }
  }
}
