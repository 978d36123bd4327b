package dev.tarn.cli;

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

  /** What option or environment say. */
  Optional<String> ifSaid() {
    return said.or(() -> variable("TARN_REDIS"));
  }

  /** The URL for a command that cannot do without. */
  String url() {
    return ifSaid().orElse(DEFAULT);
  }

  /** User and password by the environment, where the URL says none. */
  RedisOptions withLogin(RedisOptions options) {
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
