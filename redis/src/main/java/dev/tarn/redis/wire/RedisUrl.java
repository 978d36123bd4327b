package dev.tarn.redis.wire;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Redis URL says.
 *
 * <pre>
 * redis://[[user]:password@][host][:port][/database][?option=…]   rediss:// over TLS
 * unix:///path/to.sock[?database=1]
 * redis-sentinel://[…@]host[:port],…/primary[/database]         rediss-sentinel://
 * redis-cluster://[…@]host[:port],…                             rediss-cluster://
 * </pre>
 *
 * @param kind how the servers belong together
 * @param addresses of the server, or of some Sentinels, or of some of a cluster's nodes
 * @param secure whether connections are TLS
 * @param primary the name under which Sentinels know the primary; empty otherwise
 * @param options defaults, and what the URL says of them
 * @param sentinel user and password for the Sentinels themselves
 */
public record RedisUrl(
    Kind kind,
    List<Address> addresses,
    boolean secure,
    String primary,
    RedisOptions options,
    RedisOptions sentinel) {

  private static final Pattern URL =
      Pattern.compile(
          "(?i)(rediss?|rediss?-sentinel|rediss?-cluster|unix|redis\\+unix)://(?:([^/?#]*)@)?([^@/?#]*)([^?#]*)(?:\\?([^#]*))?");

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+(?:%[^]]+)?]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

  /** How servers belong together. */
  public enum Kind {
    ONE(6379),
    SENTINEL(26379),
    CLUSTER(6379);

    private final int port;

    Kind(int port) {
      this.port = port;
    }
  }

  public RedisUrl {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads a URL.
   *
   * @throws InvalidRequest when it is none, or says what is not known; without its password
   */
  public static RedisUrl parse(String text) {
    Matcher match = URL.matcher(text.strip());
    if (!match.matches()) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: it is not of the form redis://host:port. Write redis://, rediss://, unix://, redis-sentinel:// or redis-cluster:// and an address; %23 for # in a password.");
    }
    String scheme = match.group(1).toLowerCase(Locale.ROOT);
    if (scheme.endsWith("unix")) {
      return unix(match);
    }
    if (match.group(4).contains("@")) {
      throw misplacedAt();
    }
    try {
      return parse(scheme, match);
    } catch (InvalidRequest e) {
      throw String.valueOf(match.group(5)).contains("@") ? misplacedAt() : e;
    }
  }

  /** What stands before it may be a password: nothing of it may be repeated. */
  private static InvalidRequest misplacedAt() {
    return new InvalidRequest(
        "Cannot read the URL of Redis: an @ stands behind the address. Write %2F for / and %3F for ? in a password.");
  }

  private static RedisUrl unix(Matcher match) {
    String path = UrlQuery.decoded(match.group(3) + match.group(4));
    if (!path.startsWith("/")) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: it names no socket. Write unix:///path/to.sock.");
    }
    UrlQuery query = UrlQuery.parse(match.group(5));
    query.requireFor(false, Kind.ONE);
    RedisOptions options = query.applied(credentials(match.group(2)));
    return new RedisUrl(
        Kind.ONE, List.of(Address.socket(path)), false, "", options, RedisOptions.DEFAULT);
  }

  private static RedisUrl parse(String scheme, Matcher match) {
    boolean secure = scheme.startsWith("rediss");
    Kind kind =
        scheme.endsWith("-sentinel")
            ? Kind.SENTINEL
            : scheme.endsWith("-cluster") ? Kind.CLUSTER : Kind.ONE;
    UrlQuery query = UrlQuery.parse(match.group(5));
    query.requireFor(secure, kind);
    var path = new ArrayList<String>();
    for (String part : match.group(4).split("/", -1)) {
      if (!part.isEmpty()) {
        path.add(UrlQuery.decoded(part));
      }
    }
    String primary = kind == Kind.SENTINEL ? primary(path) : "";
    if (!path.isEmpty()) {
      query = query.withDatabase(path.removeFirst());
    }
    if (!path.isEmpty()) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: /%s in it means nothing. Write at most one /database."
              .formatted(String.join("/", path)));
    }
    RedisOptions options = query.applied(credentials(match.group(2)));
    if (kind == Kind.CLUSTER && options.database() != 0) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: a cluster has only database 0. Leave out /%d."
              .formatted(options.database()));
    }
    return new RedisUrl(
        kind, addresses(match.group(3), kind), secure, primary, options, query.sentinel());
  }

  private static String primary(List<String> path) {
    if (path.isEmpty()) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: it does not name the primary. Write redis-sentinel://host:port/name.");
    }
    return path.removeFirst();
  }

  private static List<Address> addresses(String text, Kind kind) {
    var addresses = new ArrayList<Address>();
    for (String part : text.split(",", -1)) {
      Matcher match = HOST.matcher(kind == Kind.ONE ? localIfEmpty(part) : part);
      if (!match.matches()) {
        throw wrongAddress("what stands for the address is no host with a port");
      }
      String host = match.group(1).replaceAll("[\\[\\]]", "");
      int port = match.group(2) == null ? kind.port : Integer.parseInt(match.group(2));
      if (port == 0 || port > 65_535) {
        throw wrongAddress("'%s' has no port from 1 to 65535".formatted(host));
      }
      addresses.add(Address.tcp(host, port));
    }
    if (kind == Kind.ONE && addresses.size() > 1) {
      throw new InvalidRequest(
          "Cannot read the URL of Redis: redis:// has one host, and this has %d. Write redis-cluster:// or redis-sentinel://."
              .formatted(addresses.size()));
    }
    return addresses;
  }

  private static String localIfEmpty(String part) {
    return part.isEmpty() || part.startsWith(":") ? "localhost" + part : part;
  }

  private static InvalidRequest wrongAddress(String why) {
    return new InvalidRequest(
        "Cannot read the URL of Redis: %s. Write host:6379, with several separated by commas."
            .formatted(why));
  }

  private static RedisOptions credentials(@Nullable String text) {
    RedisOptions options = RedisOptions.DEFAULT;
    if (text == null || text.isEmpty()) {
      return options;
    }
    int colon = text.indexOf(':');
    String user = UrlQuery.decoded(colon < 0 ? text : text.substring(0, colon));
    RedisOptions result = user.isEmpty() ? options : options.user(user);
    return colon < 0 ? result : result.password(UrlQuery.decoded(text.substring(colon + 1)));
  }

  /** With other options; Sentinels have a user and a password of their own, which stay. */
  public RedisUrl with(RedisOptions changed) {
    RedisOptions ofSentinel =
        sentinel
            .connectTimeout(changed.connectTimeout())
            .readTimeout(changed.readTimeout())
            .retryFor(changed.retryFor())
            .protocol(changed.protocol())
            .tls(changed.tls())
            .clientName(changed.clientName());
    return new RedisUrl(kind, addresses, secure, primary, changed, ofSentinel);
  }

  /** What it leads to, without user, password and options. */
  @Override
  public String toString() {
    String list = String.join(",", addresses.stream().map(Address::toString).toList());
    String scheme = secure ? "rediss" : "redis";
    String database = options.database() == 0 ? "" : "/" + options.database();
    return switch (kind) {
      case ONE ->
          addresses.getFirst().socket() != null
              ? "unix://" + list + (database.isEmpty() ? "" : "?database=" + options.database())
              : scheme + "://" + list + database;
      case SENTINEL -> scheme + "-sentinel://" + list + "/" + primary + database;
      case CLUSTER -> scheme + "-cluster://" + list;
    };
  }
}
