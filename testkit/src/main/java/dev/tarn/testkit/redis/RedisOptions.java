package dev.tarn.testkit.redis;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started; each method returns another.
 *
 * @param password of the user {@code default}; null if it needs none
 * @param certificates with which it listens by TLS, and not otherwise; null for plain connections
 * @param lines of the configuration, after all others
 */
public record RedisOptions(
    @Nullable String password,
    @Nullable TestCertificates certificates,
    boolean clientCertificates,
    List<String> lines) {

  /** A server without persistence, password and TLS. */
  public static final RedisOptions PLAIN = new RedisOptions(null, null, false, List.of());

  public RedisOptions {
    lines = List.copyOf(lines);
  }

  /** The user {@code default} needs this password. */
  public RedisOptions password(String word) {
    return new RedisOptions(word, certificates, clientCertificates, lines);
  }

  /** Another user, by the rules of ACL SETUSER: {@code on >secret ~user:* +@read}. */
  public RedisOptions user(String name, String rules) {
    return line("user " + name + " " + rules);
  }

  /** Listens by TLS only. */
  public RedisOptions tls(TestCertificates own) {
    return new RedisOptions(password, own, false, lines);
  }

  /** Listens by TLS only, and accepts who has a certificate of the same authority. */
  public RedisOptions tlsWithClientCertificates(TestCertificates own) {
    return new RedisOptions(password, own, true, lines);
  }

  /** Loads a module. */
  public RedisOptions module(Path library) {
    return line("loadmodule " + library);
  }

  /** Keeps the data across restarts and kills. */
  public RedisOptions durable() {
    return line("appendonly yes").line("appendfsync always");
  }

  /** How URLs begin: {@code redis} or {@code rediss}. */
  String scheme() {
    return certificates == null ? "redis" : "rediss";
  }

  /** How the user {@code default} stands in a URL. */
  String passwordLogin() {
    return password == null ? "" : login("", password);
  }

  /** How a user stands in a URL. */
  static String login(String user, String password) {
    return encoded(user) + ":" + encoded(password) + "@";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A line of the configuration, {@code maxmemory 10mb} say. */
  public RedisOptions line(String line) {
    var all = new ArrayList<>(lines);
    all.add(line);
    return new RedisOptions(password, certificates, clientCertificates, all);
  }
}
