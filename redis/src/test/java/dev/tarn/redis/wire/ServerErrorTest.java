package dev.tarn.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerErrorTest {

  /** As Redis 6.2.14 answers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR Error running script (call to f_fbf1df): @user_script:5: WRONGTYPE Operation against a key",
        "ERR Error running script (call to f_fbf1df): @user_script:5: @user_script: 5: -WRONGTYPE Operation against a key",
        "WRONGTYPE Operation against a key",
      })
  void theErrorOfAScriptIsThatOfItsCommand(String message) {
    var error = new ServerError(message);
    assertThat(error.message()).isEqualTo("WRONGTYPE Operation against a key");
    assertThat(error.is("WRONGTYPE")).isTrue();
  }

  @Test
  void anErrorOfTheScriptItselfStaysWhatItIs() {
    String message = "ERR Error compiling script (new function): user_script:1: unexpected symbol";
    assertThat(new ServerError(message).message()).isEqualTo(message);
  }
}
