package dev.tarn.cli;

import dev.tarn.Tarn;
import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.Redis;
import dev.tarn.redis.RedisOptions;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which Redis: what the option says, else the environment, else the one on this machine. User and
 * password may come from the environment, as others can read command lines.
 *
 * @param said the URL, by the option
 * @param environment variables by name
 */
record RedisAddress(Optional<String> said, UnaryOperator<@Nullable String> environment) {

  private static final String DEFAULT = "redis://localhost:6379";

  static final RedisAddress NONE = new RedisAddress(Optional.empty(), name -> null);

  static final RedisAddress UNSAID = new RedisAddress(Optional.empty(), System::getenv);

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            "--redis",
            "URL",
            "Redis: redis://host:6379 (TARN_REDIS), also rediss://, redis-sentinel://, redis-cluster://, unix://."));
  }

  RedisAddress with(ParseResult arguments) {
    return new RedisAddress(Arguments.value(arguments, "--redis").or(() -> said), environment);
  }

  /** Whether option or environment name one. */
  boolean isSaid() {
    return said.or(this::ofEnvironment).isPresent();
  }

  /**
   * Lets SQL call the one that is said. A wrong option is a mistake at once; a wrong variable,
   * which may be for others, only for who calls it.
   */
  void offer(Tarn tarn) {
    if (said.isPresent()) {
      open(tarn, options -> options);
    } else if (isSaid()) {
      tarn.redisWhenCalled(() -> open(tarn, options -> options));
    }
  }

  /** Opens the one that is said, else the one on this machine. */
  Redis open(Tarn tarn, UnaryOperator<RedisOptions> more) {
    String url = said.or(this::ofEnvironment).orElse(DEFAULT);
    try {
      return tarn.redis(url, options -> more.apply(withLogin(options)));
    } catch (InvalidRequest e) {
      throw said.isEmpty() && isSaid()
          ? new InvalidRequest(e.getMessage() + " [TARN_REDIS]", e)
          : e;
    }
  }

  private Optional<String> ofEnvironment() {
    return variable("TARN_REDIS");
  }

  /** User and password by the environment, where the URL says none. */
  private RedisOptions withLogin(RedisOptions options) {
    RedisOptions result = options;
    if (options.user().isEmpty()) {
      result = variable("TARN_REDIS_USER").map(result::user).orElse(result);
    }
    if (options.password().isEmpty()) {
      result = variable("TARN_REDIS_PASSWORD").map(result::password).orElse(result);
    }
    return result;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
  }
}
