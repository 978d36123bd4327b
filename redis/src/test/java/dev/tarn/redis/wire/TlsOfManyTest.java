package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisSentinel;
import dev.tarn.testkit.redis.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters and Sentinels over TLS, where each server asks for a certificate of ours. */
@Timeout(120)
class TlsOfManyTest {

  @TempDir private static Path folder;
  private static TestCertificates certificates;
  private static TestCertificates others;
  private static RedisOptions strict;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates =
        TestCertificates.forHosts(Files.createDirectory(folder.resolve("a")), "127.0.0.1");
    others = TestCertificates.forHosts(Files.createDirectory(folder.resolve("b")), "127.0.0.1");
    strict = RedisOptions.PLAIN.tlsWithClientCertificates(certificates);
  }

  private static String query(TestCertificates trusted, TestCertificates own) {
    return "?ca=%s&cert=%s&key=%s"
        .formatted(trusted.authority(), own.certificate("client"), own.key("client"));
  }

  @Test
  void clustersAreReachedWithCertificatesAlone() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(strict)) {
      reachedWithCertificatesAlone(cluster.url(), 3, "Redis");
    }
  }

  @Test
  void primariesAreReachedWithCertificatesAlone() throws Exception {
    try (RedisSentinel sentinel = RedisSentinel.start(strict, strict)) {
      reachedWithCertificatesAlone(sentinel.url(), 1, "the Sentinel");
      refused(
          sentinel.url().replace("rediss", "redis"),
          "the Sentinel",
          "it speaks TLS. Write rediss-sentinel:// instead of redis-sentinel://.");
    }
  }

  private static void reachedWithCertificatesAlone(String url, int primaries, String who) {
    for (int protocol = 2; protocol <= 3; protocol++) {
      try (Servers servers =
          open(url + query(certificates, certificates) + "&protocol=" + protocol)) {
        assertThat(servers.assignment().primaries()).hasSize(primaries);
        for (Node primary : servers.assignment().primaries()) {
          try (Link link = servers.connect(primary)) {
            assertThat(call(link, "PING")).isEqualTo("PONG");
          }
        }
      }
    }
    refused(
        url + query(others, certificates),
        who,
        "no trusted authority has given its certificate. Name the PEM file of its authority by ca=….");
    refused(
        url + "?ca=" + certificates.authority(),
        who,
        "it asks for a certificate of ours, and accepts no other (certificate_required). Give cert=… and key=…, of an authority that the server trusts.");
    refused(url + query(certificates, others), who, "certificate");
  }

  /** The Sentinels prove who they are; the primary that they name does not. */
  @ParameterizedTest
  @ValueSource(strings = {"", "&verify=authority"})
  void aPrimaryOfAnotherAuthorityIsRefused(String query) throws Exception {
    RedisOptions foreign = RedisOptions.PLAIN.tls(others);
    RedisOptions trusting = RedisOptions.PLAIN.tls(certificates).line("tls-ca-cert-file " + both());
    try (RedisSentinel sentinel = RedisSentinel.start(foreign, trusting)) {
      refused(
          sentinel.url() + "?ca=" + certificates.authority() + query,
          "Redis",
          "at 127.0.0.1:%d: no trusted authority has given its certificate."
              .formatted(sentinel.primary().port()));
    }
  }

  private static Path both() throws Exception {
    return Files.writeString(
        folder.resolve("both.pem"),
        Files.readString(others.authority()) + Files.readString(certificates.authority()));
  }

  private static void refused(String url, String who, String why) {
    assertThatThrownBy(() -> open(patient(url)).assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessageMatching("Cannot connect to " + who + " at 127.0.0.1:\\d+: .*")
        .hasMessageContaining(why);
  }
}
