package dev.tarn.redis.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes are which doubles. */
class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0x10, 16",
    "-0X1f, -31",
    "+0x1.8, 1.5",
    "0x1.8p1, 3",
    "0x.8P-1, 0.25",
    "0x20000000000001, 9007199254740992",
    "1e3, 1000",
    ".5, 0.5",
    "-INF, -Infinity"
  })
  void whatRedisTakesForNumbers(String text, double number) {
    byte[] bytes = text.getBytes(UTF_8);
    assertThat(Numbers.isDouble(bytes)).isTrue();
    assertThat(Numbers.toDouble(bytes)).isEqualTo(number);
  }

  /** Halfway between two floats is where the double lies; the text is above it. */
  @Test
  void floatsAreRoundedOnce() {
    assertThat(Numbers.toFloat("0x1.0000010000000001".getBytes(UTF_8))).isEqualTo(0x1.000002p0f);
    assertThat((float) Numbers.toDouble("0x1.0000010000000001".getBytes(UTF_8))).isEqualTo(1f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "x", "0x", "0x.", "0xg", "0x1p", " 0x1", "0x1 ", "00x1", "1x0", "x10", "0x1.2.3"
      })
  void whatIsNone(String text) {
    assertThat(Numbers.isDouble(text.getBytes(UTF_8))).isFalse();
  }
}
