package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClientTest {

  private static RedisServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RedisServer.start(RedisOptions.PLAIN.line("enable-debug-command yes"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void keepsAllBytes() throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    try (var client = RedisClient.tcp(server.port())) {
      client.command("SET", all, all);
      assertThat(client.command("GET", all)).isEqualTo(all);
    }
  }

  @Test
  void readsAndWritesAHundredMegabytes() throws Exception {
    byte[] large = new byte[100_000_000];
    new Random(1).nextBytes(large);
    try (var tcp = RedisClient.tcp(server.port());
        var unix = RedisClient.unix(server.socket())) {
      assertThat(tcp.command("SET", "large", large)).isEqualTo("OK");
      assertThat(Arrays.equals((byte[]) tcp.command("GET", "large"), large)).isTrue();
      assertThat(Arrays.equals((byte[]) unix.command("GET", "large"), large)).isTrue();
      tcp.command("DEL", "large");
    }
  }

  @Test
  void readsEveryTypeOfBothProtocols() throws Exception {
    try (var client = RedisClient.tcp(server.port())) {
      client.command("HSET", "h", "a", 1, "b", "é");
      client.command("ZADD", "z", "1.5", "m");
      assertThat(client.textMap("HGETALL", "h")).isEqualTo(Map.of("a", "1", "b", "é"));
      assertThat(client.text("ZSCORE", "z", "m")).isEqualTo("1.5");
      assertThat(client.text("GET", "none")).isNull();
      client.resp3();
      assertThat(client.text("HGETALL", "h")).isEqualTo(Map.of("a", "1", "b", "é"));
      assertThat(client.command("ZSCORE", "z", "m")).isEqualTo(1.5);
      assertThat(client.command("GET", "none")).isNull();
      assertThat(client.command("DEBUG", "PROTOCOL", "true")).isEqualTo(true);
      assertThat(client.text("DEBUG", "PROTOCOL", "set")).isEqualTo(List.of(0L, 1L, 2L));
      assertThat(client.text("DEBUG", "PROTOCOL", "attrib"))
          .isEqualTo("Some real reply following the attribute");
      assertThat(client.text("DEBUG", "PROTOCOL", "verbatim"))
          .isEqualTo("This is a verbatim\nstring");
      assertThat(client.text("DEBUG", "PROTOCOL", "bignum"))
          .hasToString("1234567999999999999999999999999999999");
    }
  }

  @Test
  void pipelinesMoreThanBothSidesCanHoldWithErrorsInTheirPlaces() throws Exception {
    byte[] value = new byte[10_000];
    var commands = new ArrayList<Object[]>();
    commands.add(new Object[] {"SET", "big", value});
    commands.addAll(Collections.nCopies(10_000, new Object[] {"GET", "big"}));
    commands.add(new Object[] {"LPUSH", "big", "x"});
    commands.add(new Object[] {"ECHO", new byte[5_000_000]});
    try (var client = RedisClient.tcp(server.port())) {
      List<Object> replies = client.pipeline(commands);
      assertThat(replies).hasSize(10_003).startsWith("OK");
      assertThat((byte[]) replies.get(10_000)).hasSize(10_000);
      assertThat(replies.get(10_001))
          .isInstanceOfSatisfying(
              RedisError.class, error -> assertThat(error.code()).isEqualTo("WRONGTYPE"));
      assertThat((byte[]) replies.get(10_002)).hasSize(5_000_000);
    }
  }
}
