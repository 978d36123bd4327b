package dev.tarn.testkit.redis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The configuration file of a server. */
final class RedisConfig {

  private RedisConfig() {}

  static List<String> lines(Path folder, int port, RedisOptions options) {
    var lines = new ArrayList<String>();
    lines.add("bind 127.0.0.1");
    lines.add("dir " + folder);
    lines.add("unixsocket " + folder.resolve("socket"));
    lines.add("daemonize no");
    lines.add("save \"\"");
    lines.add("appendonly no");
    lines.add(
        "user %s on >%s ~* &* +@all".formatted(RedisServer.ADMIN, RedisServer.ADMIN_PASSWORD));
    lines.add("masteruser " + RedisServer.ADMIN);
    lines.add("masterauth " + RedisServer.ADMIN_PASSWORD);
    addPort(lines, port, options);
    if (options.password() != null) {
      lines.add("requirepass " + quoted(options.password()));
    }
    lines.addAll(options.lines());
    return lines;
  }

  private static void addPort(List<String> lines, int port, RedisOptions options) {
    TestCertificates certificates = options.certificates();
    if (certificates == null) {
      lines.add("port " + port);
      return;
    }
    lines.add("port 0");
    lines.add("tls-port " + port);
    lines.add("tls-ca-cert-file " + certificates.authority());
    lines.add("tls-cert-file " + certificates.certificate("server"));
    lines.add("tls-key-file " + certificates.key("server"));
    lines.add("tls-auth-clients " + (options.clientCertificates() ? "yes" : "no"));
    lines.add("tls-replication yes");
  }

  /** In double quotes, as the configuration reads them. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
