package dev.tarn.redis.wire;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.RedisOptions;
import dev.tarn.redis.RedisOptions.Tls;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the question mark of a Redis URL.
 *
 * @param values by name, in lower case
 */
record UrlQuery(Map<String, String> values) {

  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|)");
  private static final Set<String> FOR_TLS = Set.of("ca", "cert", "key", "verify");
  private static final Set<String> FOR_SENTINEL = Set.of("sentinel_user", "sentinel_password");

  static UrlQuery parse(@Nullable String text) {
    var values = new LinkedHashMap<String, String>();
    for (String part : text == null ? new String[0] : text.split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        String name = decoded(equals < 0 ? part : part.substring(0, equals));
        values.put(
            name.equalsIgnoreCase("db") ? "database" : name.toLowerCase(Locale.ROOT),
            equals < 0 ? "" : decoded(part.substring(equals + 1)));
      }
    }
    return new UrlQuery(values);
  }

  /** What a URL says twice holds as the query says it. */
  UrlQuery withDatabase(String number) {
    var all = new LinkedHashMap<>(values);
    all.putIfAbsent("database", number);
    return new UrlQuery(all);
  }

  /** Refuses options that would do nothing: who gives them believes that they do. */
  void requireFor(boolean secure, RedisUrl.Kind kind) {
    for (String name : values.keySet()) {
      if (!secure && FOR_TLS.contains(name)) {
        throw new InvalidRequest(
            "Cannot read the URL of Redis: %s is for TLS, and this is none. Write rediss://."
                .formatted(name));
      }
      if (kind != RedisUrl.Kind.SENTINEL && FOR_SENTINEL.contains(name)) {
        throw new InvalidRequest(
            "Cannot read the URL of Redis: %s is for Sentinels, and there are none. Write redis-sentinel://."
                .formatted(name));
      }
    }
  }

  /** As the Sentinels are talked to: they have users of their own, and no databases. */
  RedisOptions sentinel() {
    RedisOptions result = applied(RedisOptions.DEFAULT).database(0);
    @Nullable String user = values.get("sentinel_user");
    @Nullable String password = values.get("sentinel_password");
    result = user == null ? result : result.user(user);
    return password == null ? result : result.password(password);
  }

  RedisOptions applied(RedisOptions options) {
    RedisOptions result = options;
    for (Map.Entry<String, String> option : values.entrySet()) {
      String value = option.getValue();
      result =
          switch (option.getKey()) {
            case "connect_timeout" -> result.connectTimeout(time(option));
            case "read_timeout" -> result.readTimeout(time(option));
            case "retry_for" -> result.retryFor(time(option));
            case "database" -> result.database(number(option));
            case "protocol" -> result.protocol(number(option));
            case "client_name" -> result.clientName(value);
            case "ca" -> result.tls(result.tls().authority(file(option)));
            case "cert", "key" -> result.tls(certificate(result.tls()));
            case "verify" -> result.tls(result.tls().verify(verification(value)));
            case "sentinel_user", "sentinel_password" -> result;
            default -> throw unknown(option.getKey());
          };
    }
    return result;
  }

  private static InvalidRequest unknown(String name) {
    return new InvalidRequest(
        "Cannot read the URL of Redis: there is no option %s. There are connect_timeout, read_timeout, retry_for, database, protocol, client_name, ca, cert, key, verify, sentinel_user and sentinel_password."
            .formatted(name));
  }

  private Tls certificate(Tls tls) {
    if (!values.containsKey("cert") || !values.containsKey("key")) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: cert and key belong together. Give both.");
    }
    Path certificate = file(Map.entry("cert", values.getOrDefault("cert", "")));
    return tls.certificate(certificate, file(Map.entry("key", values.getOrDefault("key", ""))));
  }

  private static Path file(Map.Entry<String, String> option) {
    if (option.getValue().isEmpty() || option.getValue().indexOf(0) >= 0) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: %s names no file. Write its path."
              .formatted(option.getKey()));
    }
    return Path.of(option.getValue());
  }

  private static Tls.Verification verification(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "host" -> Tls.Verification.HOST;
      case "authority" -> Tls.Verification.AUTHORITY;
      default ->
          throw new InvalidRequest(
              "Cannot read the URL of Redis: verify is host or authority, not '%s'."
                  .formatted(value));
    };
  }

  private static Duration time(Map.Entry<String, String> option) {
    Matcher match = TIME.matcher(option.getValue());
    if (!match.matches()) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: %s is '%s', no time. Write seconds, or 500ms, 5s, 2m."
              .formatted(option.getKey(), option.getValue()));
    }
    double millis =
        switch (match.group(2)) {
          case "ms" -> 1;
          case "m" -> 60_000;
          default -> 1000;
        };
    return Duration.ofMillis(Math.round(Double.parseDouble(match.group(1)) * millis));
  }

  private static int number(Map.Entry<String, String> option) {
    if (!option.getValue().matches("\\d{1,9}")) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: %s is '%s', no number. Write one from 0."
              .formatted(option.getKey(), option.getValue()));
    }
    return Integer.parseInt(option.getValue());
  }

  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: a % in it is not followed by two hexadecimal digits. Write %25 for a % sign.");
    }
  }
}
