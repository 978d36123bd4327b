package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Tarn;
import dev.tarn.error.InvalidRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisAddressTest {

  private static final String WRONG =
      "Cannot read the URL of Redis: it is not of the form redis://host:port.";

  private final Map<String, String> environment = new HashMap<>();

  private RedisAddress address(String url) {
    return new RedisAddress(Optional.of(url), environment::get);
  }

  private RedisAddress unsaid() {
    return new RedisAddress(Optional.empty(), environment::get);
  }

  private static String opened(RedisAddress address) {
    try (Tarn tarn = Tarn.open()) {
      return address.open(tarn, options -> options).toString();
    }
  }

  @Test
  void itIsTheOneOnThisMachineUnlessSaid() {
    assertThat(unsaid().isSaid()).isFalse();
    assertThat(opened(unsaid())).isEqualTo("redis://localhost:6379");
    environment.put("TARN_REDIS", " ");
    assertThat(unsaid().isSaid()).isFalse();
  }

  @Test
  void theOptionGoesBeforeTheEnvironment() {
    environment.put("TARN_REDIS", "redis://there:1");
    assertThat(unsaid().isSaid()).isTrue();
    assertThat(opened(unsaid())).isEqualTo("redis://there:1");
    assertThat(opened(address("redis://here:2"))).isEqualTo("redis://here:2");
  }

  @Test
  void aWrongOptionIsAMistakeAtOnce() {
    environment.put("TARN_REDIS", "redis://there:1");
    try (Tarn tarn = Tarn.open()) {
      assertThatThrownBy(() -> address("there:1").offer(tarn))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith(WRONG)
          .hasMessageNotContaining("TARN_REDIS");
    }
  }

  @Test
  void aWrongVariableIsOneOnlyForWhoCallsRedis() {
    environment.put("TARN_REDIS", "there:1");
    try (Tarn tarn = Tarn.open()) {
      unsaid().offer(tarn);
      assertThat(tarn.sql("SELECT 1").collect().size()).isEqualTo(1);
      assertThatThrownBy(() -> tarn.sql("FROM redis_hashes('user:*')"))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith(WRONG)
          .hasMessageEndingWith(" [TARN_REDIS]");
      assertThatThrownBy(() -> unsaid().open(tarn, options -> options))
          .hasMessageEndingWith(" [TARN_REDIS]");
    }
  }

  @Test
  void nobodyIsAskedForOneThatIsNotSaid() {
    try (Tarn tarn = Tarn.open()) {
      unsaid().offer(tarn);
      assertThatThrownBy(() -> tarn.sql("FROM redis_hashes('user:*')"))
          .hasMessage(
              "Cannot call redis_hashes: no Redis is open. Say tarn.redis(url) before, or give the command --redis URL.");
    }
  }
}
