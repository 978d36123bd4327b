package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.connect;
import static dev.tarn.redis.wire.ServersFixture.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {

  private static final Command PING = Command.of("PING");

  @Test
  void answersManyCommandsInOrder() throws Exception {
    try (RedisServer server = RedisServer.start();
        Servers servers = open("unix://" + server.socket());
        Link link = connect(servers)) {
      assertThat(link.address()).hasToString(server.socket().toString());
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100_000; i++) {
          link.send(PING);
          if (i % 1000 == 999) {
            for (int j = 0; j < 1000; j++) {
              assertThat((byte[]) link.reply()).hasSize(4);
            }
          }
        }
      }
    }
  }

  @Test
  void carriesLargeValues() throws Exception {
    byte[] large = new byte[30_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 3);
    }
    try (RedisServer server = RedisServer.start();
        Servers servers = open("unix://" + server.socket());
        Link link = connect(servers)) {
      link.call(Command.of("SET"), new byte[] {1}, large);
      assertThat((byte[]) link.call(Command.GET, new byte[] {1})).isEqualTo(large);
    }
  }

  @Test
  void saysWhatIsWrong(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    fails(folder.resolve("none"), "there is no such socket");
    fails(file, "nobody listens on this socket");
    assertThatThrownBy(() -> open("unix:///" + "x".repeat(200)).assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessageEndingWith("the path is too long for a socket. Use a shorter one, a link say.");
  }

  private static void fails(Path path, String why) {
    assertThatThrownBy(() -> open("unix://" + path + "?retry_for=100ms").assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Cannot reach Redis: Redis at %s: %s. Check that it runs and that the URL is right. [unix://%s]",
            path, why, path);
  }
}
