package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisTlsTest {

  @TempDir Path folder;

  @Test
  void isTrustedByItsAuthorityOnly() throws Exception {
    var certificates = TestCertificates.forHosts(folder, "localhost");
    try (var server = RedisServer.start(RedisOptions.PLAIN.tls(certificates))) {
      assertThat(server.url()).isEqualTo("rediss://localhost:" + server.port());
      assertThat(ping(server, certificates.context())).isEqualTo("PONG");
      assertThatThrownBy(() -> ping(server, SSLContext.getDefault()))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  @Test
  void isRefusedUnderAnotherName() throws Exception {
    var certificates = TestCertificates.forHosts(folder, "redis.example");
    try (var server = RedisServer.start(RedisOptions.PLAIN.tls(certificates))) {
      assertThatThrownBy(() -> ping(server, certificates.context()))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("localhost");
    }
  }

  @Test
  void asksForAClientCertificateIfSo() throws Exception {
    var certificates = TestCertificates.forHosts(folder, "localhost");
    var options = RedisOptions.PLAIN.tlsWithClientCertificates(certificates);
    try (var server = RedisServer.start(options)) {
      assertThat(ping(server, certificates.contextWithCertificate())).isEqualTo("PONG");
      assertThatThrownBy(() -> ping(server, certificates.context()))
          .isInstanceOfAny(SSLException.class, UncheckedIOException.class);
    }
  }

  private static Object ping(RedisServer server, SSLContext context) throws IOException {
    try (var client = RedisClient.tls("localhost", server.port(), context)) {
      return client.command("PING");
    }
  }
}
