package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.testkit.SharedData;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayServerTest {

  private static final String RECORDED = "redis-replies/search-2.10-json-2.4.jsonl";

  @Test
  void answersAsRecordedByProtocolAndInTurn() throws Exception {
    try (var server = ReplayServer.start().recorded(SharedData.path(RECORDED));
        var client = RedisClient.tcp(server.port())) {
      assertThat(client.texts("FT._LIST")).containsExactly("users_idx", "docs_idx");
      assertThat(client.text("JSON.GET", "missing")).isNull();
      assertThat(client.text("ft.info", "users_idx")).isInstanceOf(List.class);
      assertThatThrownBy(() -> client.command("FT.INFO", "nope")).hasMessage("Unknown index name");
      Object[] read = {"FT.CURSOR", "READ", "users_idx", "4927574"};
      assertThat(client.texts(read).getLast()).isNotEqualTo("0");
      assertThat(client.texts(read).getLast()).isEqualTo("0");
      assertThat(client.texts(read).getLast()).isNotEqualTo("0");
      client.resp3();
      assertThat(client.text("FT.INFO", "users_idx"))
          .isInstanceOfSatisfying(
              Map.class, info -> assertThat(info.get("index_name")).isEqualTo("users_idx"));
      assertThat(server.unknown()).isEmpty();
    }
  }

  @Test
  void knowsEveryRecordedReplyToTheByte() throws Exception {
    Path file = SharedData.path(RECORDED);
    try (var server = ReplayServer.start().recorded(file)) {
      for (String line : Files.readAllLines(file)) {
        Map<?, ?> record = (Map<?, ?>) Json.read(line);
        if (record.get("reply") instanceof String reply) {
          assertThat(bytes(server.port(), record)).isEqualTo(reply);
        }
      }
    }
  }

  private static String bytes(int port, Map<?, ?> record) throws Exception {
    try (var socket = new java.net.Socket(Ports.LOOPBACK, port)) {
      var out = socket.getOutputStream();
      var in = socket.getInputStream();
      if (record.get("protocol").equals(3L)) {
        Resp.write(out, "HELLO", 3);
        Resp.read(in);
      }
      Resp.write(out, ((List<?>) record.get("command")).toArray());
      int length = ((String) record.get("reply")).length();
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void answersWhatATestSays() throws Exception {
    var range = List.of(List.of(1000, new Reply.Simple("1.5")), List.of(2000, 2.5));
    try (var server = ReplayServer.start();
        var client = RedisClient.tcp(server.port())) {
      server
          .answer(range, "TS.RANGE", "t", "-", "+")
          .answer(Map.of("totalSamples", 2), "TS.INFO", "t")
          .answerIn(3, new Reply.Raw("(12345\r\n"), "BIG")
          .answer(new Reply.Truncated("*2\r\n:1"), "TORN")
          .answer(new RedisError("TSDB: the key does not exist"), "TS.INFO", "none")
          .handle("ECHO", words -> words.get(1).repeat(2));
      assertThat(client.text("TS.RANGE", "t", "-", "+"))
          .isEqualTo(List.of(List.of(1000L, "1.5"), List.of(2000L, "2.5")));
      assertThat(client.text("TS.INFO", "t")).isEqualTo(List.of("totalSamples", 2L));
      assertThatThrownBy(() -> client.command("BIG")).hasMessageContaining("unknown command");
      client.resp3();
      assertThat(client.text("TS.RANGE", "t", "-", "+"))
          .isEqualTo(List.of(List.of(1000L, "1.5"), List.of(2000L, 2.5)));
      assertThat(client.text("TS.INFO", "t")).isEqualTo(Map.of("totalSamples", 2L));
      assertThat(client.command("BIG")).hasToString("12345");
      assertThat(client.text("ECHO", "ab")).isEqualTo("abab");
      assertThatThrownBy(() -> client.command("TS.INFO", "none"))
          .hasMessage("TSDB: the key does not exist");
      assertThatThrownBy(() -> client.command("TORN")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void knowsNoOtherCommandsAsRedisDoesNot() throws Exception {
    Object[] command = {"TS.FOO", "a", "b c"};
    try (var real = RedisServer.start();
        var server = ReplayServer.start();
        var client = RedisClient.tcp(server.port())) {
      String expected = message(() -> real.command(command));
      assertThat(message(() -> client.command(command))).isEqualTo(expected);
      assertThat(client.command("PING")).isEqualTo("PONG");
      assertThat(server.unknown()).containsExactly(List.of("TS.FOO", "a", "b c"));
      assertThat(server.commands()).hasSize(2);
    }
  }

  private static String message(Runnable command) {
    return org.assertj.core.api.Assertions.catchThrowable(command::run).getMessage();
  }
}
