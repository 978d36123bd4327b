package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How servers are talked to. Immutable. Each of these can be said in the URL as well; what is said
 * in code wins.
 *
 * @param connectTimeout until a connection stands, and as long again for the number of a name;
 *     {@code connect_timeout}
 * @param readTimeout until the next bytes of an answer come; {@code read_timeout}
 * @param retryFor how long a lost connection is tried again before the query fails; {@code
 *     retry_for}
 * @param user of the server's access control list; {@code user:…@}
 * @param password never printed; {@code :password@}
 * @param database {@code /1}; a cluster has only 0
 * @param protocol 2 or 3; {@code protocol}
 * @param tls how a {@code rediss://} server proves who it is; {@code ca}, {@code cert}, {@code
 *     key}, {@code verify}
 * @param clientName what {@code CLIENT LIST} calls the connections; {@code client_name}
 */
public record RedisOptions(
    Duration connectTimeout,
    Duration readTimeout,
    Duration retryFor,
    Optional<String> user,
    Optional<String> password,
    int database,
    int protocol,
    Tls tls,
    String clientName) {

  private static final Duration LONGEST_RETRY = Duration.ofDays(365);

  /** 5 s to connect, 30 s for an answer, 30 s of new attempts, RESP2. */
  public static final RedisOptions DEFAULT =
      new RedisOptions(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Optional.empty(),
          Optional.empty(),
          0,
          2,
          Tls.DEFAULT,
          "tarn");

  public RedisOptions {
    requirePositive("connect time-out", connectTimeout);
    requirePositive("read time-out", readTimeout);
    if (retryFor.isNegative() || retryFor.compareTo(LONGEST_RETRY) > 0) {
      throw new InvalidRequest(
          "Cannot connect to Redis: retry_for is %s. Give 0 to 365 days.".formatted(retryFor));
    }
    if (!clientName.matches("[!-~]+")) {
      throw new InvalidRequest(
          "Cannot connect to Redis: a client's name is ASCII without spaces. Give another.");
    }
    if (database < 0) {
      throw new InvalidRequest(
          "Cannot connect to Redis: there is no database %d. They count from 0."
              .formatted(database));
    }
    if (protocol != 2 && protocol != 3) {
      throw new InvalidRequest(
          "Cannot connect to Redis: there is no protocol %d. Give 2 or 3.".formatted(protocol));
    }
  }

  private static void requirePositive(String what, Duration time) {
    if (time.toMillis() < 1 || time.toMillis() > Integer.MAX_VALUE) {
      throw new InvalidRequest(
          "Cannot connect to Redis: a %s of %s is none. Give one between 1 ms and 24 days."
              .formatted(what, time));
    }
  }

  public RedisOptions connectTimeout(Duration time) {
    return with(draft -> draft.connectTimeout = time);
  }

  public RedisOptions readTimeout(Duration time) {
    return with(draft -> draft.readTimeout = time);
  }

  public RedisOptions retryFor(Duration time) {
    return with(draft -> draft.retryFor = time);
  }

  public RedisOptions user(String name) {
    return with(draft -> draft.user = Optional.of(name));
  }

  public RedisOptions password(String secret) {
    return with(draft -> draft.password = Optional.of(secret));
  }

  public RedisOptions database(int number) {
    return with(draft -> draft.database = number);
  }

  public RedisOptions protocol(int version) {
    return with(draft -> draft.protocol = version);
  }

  public RedisOptions tls(Tls options) {
    return with(draft -> draft.tls = options);
  }

  public RedisOptions clientName(String name) {
    return with(draft -> draft.clientName = name);
  }

  private RedisOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "RedisOptions[connectTimeout=%s, readTimeout=%s, retryFor=%s, user=%s, password=%s, database=%d, protocol=%d, tls=%s, clientName=%s]"
        .formatted(
            connectTimeout,
            readTimeout,
            retryFor,
            user.orElse(""),
            password.isPresent() ? "***" : "",
            database,
            protocol,
            tls,
            clientName);
  }

  /** The same, to be changed. */
  private static final class Draft {
    private Duration connectTimeout;
    private Duration readTimeout;
    private Duration retryFor;
    private Optional<String> user;
    private Optional<String> password;
    private int database;
    private int protocol;
    private Tls tls;
    private String clientName;

    Draft(RedisOptions from) {
      connectTimeout = from.connectTimeout;
      readTimeout = from.readTimeout;
      retryFor = from.retryFor;
      user = from.user;
      password = from.password;
      database = from.database;
      protocol = from.protocol;
      tls = from.tls;
      clientName = from.clientName;
    }

    RedisOptions options() {
      return new RedisOptions(
          connectTimeout,
          readTimeout,
          retryFor,
          user,
          password,
          database,
          protocol,
          tls,
          clientName);
    }
  }

  /**
   * How a server proves who it is over TLS, and how we do. Certificates and keys are PEM files.
   *
   * @param authority certificates of authorities that are trusted; null for the Java runtime's
   * @param certificate our own, with the chain behind it; null for none
   * @param key of our certificate, unencrypted PKCS #8; null for none
   * @param verify what of the server's certificate is checked
   */
  public record Tls(
      @Nullable Path authority,
      @Nullable Path certificate,
      @Nullable Path key,
      Verification verify) {

    /** The Java runtime's authorities, and the host's name. */
    public static final Tls DEFAULT = new Tls(null, null, null, Verification.HOST);

    public Tls {
      if ((certificate == null) != (key == null)) {
        throw new InvalidRequest(
            "Cannot connect to Redis: a client certificate needs its key, and a key its certificate. Give both.");
      }
    }

    /** Trusts the authorities of a file, and no others. */
    public Tls authority(Path file) {
      return new Tls(file, certificate, key, verify);
    }

    /** Shows the server a certificate. */
    public Tls certificate(Path file, Path keyFile) {
      return new Tls(authority, file, keyFile, verify);
    }

    public Tls verify(Verification what) {
      return new Tls(authority, certificate, key, what);
    }

    /** What of a server's certificate is checked. */
    public enum Verification {
      /** That a trusted authority gave it, and gave it to this host. */
      HOST,
      /** That a trusted authority gave it, to whatever host. */
      AUTHORITY
    }
  }
}
