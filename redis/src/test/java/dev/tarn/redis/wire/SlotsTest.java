package dev.tarn.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {

  /** As CLUSTER KEYSLOT answers. */
  @ParameterizedTest
  @CsvSource({
    "123456789,12739",
    "foo,12182",
    "'',0",
    "{foo}bar,12182",
    "a{foo}{bar},12182",
    "foo{}{bar},8363",
    "foo{{bar}}zap,4015",
    "foo{bar}{zap},5061",
    "}{foo}x,12182",
  })
  void areThoseOfTheCluster(String key, int slot) {
    assertThat(Slots.of(ServersFixture.bytes(key))).isEqualTo(slot);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"'' | ''", "5 | 5", "0 1 2 7 9 16383 | 0-2, 7, 9, 16383"})
  void areWrittenAsRanges(String numbers, String text) {
    var slots = new BitSet();
    for (String number : numbers.split(" ", -1)) {
      if (!number.isEmpty()) {
        slots.set(Integer.parseInt(number));
      }
    }
    assertThat(Slots.text(slots)).isEqualTo(text);
  }
}
