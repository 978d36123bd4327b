package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.connect;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.patient;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsTest {

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private static TestCertificates others;
  private static RedisServer server;
  private static RedisServer strict;
  private static RedisServer plain;

  @BeforeAll
  static void start() throws Exception {
    certificates =
        TestCertificates.forHosts(Files.createDirectory(folder.resolve("a")), "localhost");
    others = TestCertificates.forHosts(Files.createDirectory(folder.resolve("b")), "localhost");
    server = RedisServer.start(RedisOptions.PLAIN.password("geheim").tls(certificates));
    strict = RedisServer.start(RedisOptions.PLAIN.tlsWithClientCertificates(certificates));
    plain = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    for (RedisServer each : new RedisServer[] {server, strict, plain}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static String url(String host, RedisServer at, String query) {
    return "rediss://:geheim@%s:%d?%s".formatted(host, at.port(), query);
  }

  private static String ca() {
    return "ca=" + certificates.authority();
  }

  private static void succeeds(String url) {
    try (Servers servers = open(url);
        Link link = connect(servers)) {
      assertThat(call(link, "PING")).isEqualTo("PONG");
    }
  }

  private static void fails(String url, String why) {
    assertThatThrownBy(() -> succeeds(patient(url)))
        .isInstanceOf(Unavailable.class)
        .hasMessageMatching("Cannot connect to Redis at [a-z0-9.]+:\\d+: .*")
        .hasMessageEndingWith(": " + why);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void trustsTheAuthorityNamed(int protocol) {
    succeeds(url("localhost", server, ca() + "&protocol=" + protocol));
  }

  @Test
  void trustsEachOfSeveralAuthorities() throws IOException {
    Path both = folder.resolve("both.pem");
    Files.writeString(
        both, Files.readString(others.authority()) + Files.readString(certificates.authority()));
    succeeds(url("localhost", server, "ca=" + both));
  }

  @Test
  void showsACertificate() {
    String own =
        "&cert=%s&key=%s".formatted(certificates.certificate("client"), certificates.key("client"));
    succeeds(url("localhost", strict, ca() + own).replace(":geheim@", ""));
  }

  @Test
  void showsACertificateWithAnRsaKey() throws Exception {
    run(
        "openssl req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=rsa -keyout %s -out %s -CA %s -CAkey %s"
            .formatted(
                folder.resolve("rsa.key"),
                folder.resolve("rsa.crt"),
                certificates.authority(),
                certificates.key("ca")));
    String own = "&cert=%s&key=%s".formatted(folder.resolve("rsa.crt"), folder.resolve("rsa.key"));
    succeeds(url("localhost", strict, ca() + own).replace(":geheim@", ""));
  }

  @Test
  void refusesAnotherAuthority() {
    String why =
        "no trusted authority has given its certificate. Name the PEM file of its authority by ca=….";
    fails(url("localhost", server, "ca=" + others.authority()), why);
    fails(url("localhost", server, ""), why);
    fails(url("localhost", server, "verify=authority"), why);
  }

  @Test
  void refusesAnotherHostUnlessToldOtherwise() {
    fails(
        url("127.0.0.1", server, ca()),
        "its certificate is for another host than 127.0.0.1. Connect by a name that it has, or write verify=authority to accept any.");
    succeeds(url("127.0.0.1", server, ca() + "&verify=authority"));
  }

  @Test
  void saysThatACertificateIsMissing() {
    fails(
        url("localhost", strict, ca()),
        "it asks for a certificate of ours, and accepts no other (certificate_required). Give cert=… and key=…, of an authority that the server trusts.");
  }

  @Test
  void saysThatACertificateIsNotTrusted() {
    String own = "&cert=%s&key=%s".formatted(others.certificate("client"), others.key("client"));
    assertThatThrownBy(() -> succeeds(url("localhost", strict, ca() + own)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("certificate");
  }

  @Test
  void refusesACertificateThatHasExpired() throws Exception {
    Path expired = Files.createDirectory(folder.resolve("expired"));
    String request = expired.resolve("request").toString();
    Path extensions =
        Files.writeString(
            expired.resolve("extensions"),
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n");
    run(
        "openssl req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=localhost -keyout %s -out %s"
            .formatted(expired.resolve("k"), request));
    run(
        "openssl x509 -req -in %s -CA %s -CAkey %s -set_serial 7 -days -1 -extfile %s -out %s"
            .formatted(
                request,
                certificates.authority(),
                certificates.key("ca"),
                extensions,
                expired.resolve("c")));
    try (RedisServer old =
        RedisServer.start(
            RedisOptions.PLAIN
                .tls(certificates)
                .line("tls-cert-file " + expired.resolve("c"))
                .line("tls-key-file " + expired.resolve("k")))) {
      fails(url("localhost", old, ca()), "its certificate has expired. Renew it on the server.");
    }
  }

  @Test
  void saysThatOneSideDoesNotSpeakTls() {
    fails(
        url("127.0.0.1", plain, "connect_timeout=500ms"),
        "it does not speak TLS. Write redis:// instead of rediss://.");
    fails(
        "redis://localhost:" + server.port(),
        "it speaks TLS. Write rediss:// instead of redis://.");
  }

  @Test
  void saysWhatIsWrongWithFiles() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "nothing");
    Path old =
        Files.writeString(folder.resolve("old"), "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END");
    Path broken =
        Files.writeString(folder.resolve("broken"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END");
    String cert = "cert=" + certificates.certificate("client");
    wrong("ca=/none", Unavailable.class, "there is no file /none. Check ca, cert and key.");
    wrong(
        "ca=" + empty,
        InvalidRequest.class,
        "%s holds no certificate. Give a PEM file, with -----BEGIN CERTIFICATE----- in it."
            .formatted(empty));
    wrong(
        cert + "&key=" + empty,
        InvalidRequest.class,
        "%s holds no private key. Give a PEM file, with -----BEGIN PRIVATE KEY----- in it."
            .formatted(empty));
    wrong(
        cert + "&key=" + old,
        InvalidRequest.class,
        "the key in %s is not plain PKCS #8. Convert it by: openssl pkcs8 -topk8 -nocrypt -in %s -out new.key"
            .formatted(old, old));
    wrong(
        cert + "&key=" + broken,
        InvalidRequest.class,
        "the key in %s cannot be read. Give one of RSA, EC or Ed25519.".formatted(broken));
  }

  private static void wrong(String query, Class<? extends Exception> type, String why) {
    assertThatThrownBy(() -> open("rediss://h?" + query))
        .isInstanceOf(type)
        .hasMessage("Cannot connect to Redis: " + why);
  }

  private static void run(String command) throws Exception {
    String[] words = command.split(" ", -1);
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
