package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AdviceTest extends RedisTest {

  @Test
  void measuresAndSaysWhy() throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < 12_000; i++) {
        commands.add(new Object[] {"HSET", "user:" + i, "name", "n" + i, "age", i, "city", "x"});
        commands.add(new Object[] {"SET", "other:" + i, i});
      }
      for (int i = 0; i < 6_000; i++) {
        commands.add(new Object[] {"EXPIRE", "user:" + i, 1000});
      }
      client.pipeline(commands);
    }
    Advice advice = redis.advise("user:*");
    assertThat(advice.keys()).isEqualTo(24_000);
    assertThat(advice.matching()).isBetween(9_000L, 15_000L);
    assertThat(advice.expiring()).isBetween(0.25, 0.75);
    assertThat(advice.bytesPerKey().orElseThrow()).isBetween(30L, 500L);
    assertThat(advice.roundTrip()).isPositive();
    assertThat(advice.batchSize()).isPositive();
    assertThat(advice.connections()).isPositive();
    assertThat(advice.indexes()).isEmpty();
    assertThat(advice.indexPays()).isBetween(0.1, 1.0);
    assertThat(advice.trials()).hasSizeGreaterThan(5).allMatch(t -> t.rate() > 0);
    assertThat(advice.lines())
        .extracting(Advice.Line::about)
        .containsExactly(
            "keys",
            "batch size",
            "connections",
            "full scan",
            "memory",
            "columns",
            "search index",
            "expiry");
    assertThat(advice.toString()).contains("redis hashes user:* on ", "keys alone", "rows/s");
  }

  @Test
  void adviceOnFewKeysWorksToo() {
    server.command("HSET", "v:1", "x", "1");
    Advice advice = redis.advise("v:*");
    assertThat(advice.matching()).isEqualTo(1);
    assertThat(advice.projection()).isEmpty();
  }

  @Test
  void thereIsNoneOnNothing() {
    assertThatThrownBy(() -> redis.advise("none:*")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void tarnOwnsWhatItOpens() {
    server.command("HSET", "v:1", "x", "1");
    assertThat(tarn.redis(server.url()).hashes("v:*").collect().size()).isEqualTo(1);
  }
}
