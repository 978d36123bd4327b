package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.KeyValue;

class RepliesTest {

  private static final List<?> IN_TURN = Arrays.asList(bytes("Name"), 1L, bytes("none"), null);
  private static final List<?> IN_PAIRS =
      List.of(new KeyValue<>(bytes("Name"), 1L), new KeyValue<>(bytes("none"), null));

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void mapsOfEitherProtocolAreTheSame() {
    assertThat(Replies.map(IN_TURN)).isEqualTo(Map.of("name", 1L));
    assertThat(Replies.map(IN_PAIRS)).isEqualTo(Map.of("name", 1L));
    assertThat(Replies.map(new ServerError("ERR no"))).isEmpty();
  }

  @Test
  void anEntryHasItsNameAsItIsSent() {
    for (List<?> reply : List.of(IN_TURN, IN_PAIRS)) {
      assertThat(Replies.entry(reply, "Name")).isEqualTo(1L);
      assertThat(Replies.entry(reply, "name")).isNull();
      assertThat(Replies.entry(reply, "none")).isNull();
    }
  }

  @Test
  void listsOfTwoAreNamesWithTheirValuesWhereNamesStand() {
    List<?> labels = List.of(List.of(bytes("b"), bytes("a")), List.of(bytes("a"), bytes("c")));
    List<?> info = List.of(bytes("labels"), labels, bytes("b"), 1L);

    assertThat(Replies.text(Replies.entry(Replies.entry(info, "labels"), "a"))).isEqualTo("c");
    assertThat(Replies.entry(info, "b")).isEqualTo(1L);
  }
}
