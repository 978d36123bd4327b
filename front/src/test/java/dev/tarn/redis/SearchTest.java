package dev.tarn.redis;

import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SearchServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** A server with the search module, empty before each test, and what reads it. */
abstract class SearchTest extends ServerTest {

  @BeforeAll
  static void start() throws Exception {
    server = SearchServer.start();
  }

  /** Writes hashes and adds them to an index. */
  static void add(String index, Map<String, Map<String, String>> documents) throws Exception {
    add(server, index, documents);
  }

  static void add(RedisServer to, String index, Map<String, Map<String, String>> documents)
      throws Exception {
    var commands = new ArrayList<Object[]>();
    documents.forEach((key, fields) -> {
      var hset = new ArrayList<Object>(List.of("HSET", key));
      fields.forEach((field, value) -> hset.addAll(List.of(field, value)));
      commands.add(hset.toArray());
      commands.add(new Object[] {"FT.ADDHASH", index, key, 1});
    });
    try (var client = to.client()) {
      for (Object reply : client.pipeline(commands)) {
        if (reply instanceof RuntimeException error) {
          throw error;
        }
      }
    }
  }
}
