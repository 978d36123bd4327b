package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "4096, 4096",
    "1B, 1",
    "500MB, 500000000",
    "4GB, 4000000000",
    "4g, 4000000000",
    "1.5 GB, 1500000000",
    "2KiB, 2048",
    "4GiB, 4294967296",
    "1TB, 1000000000000"
  })
  void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
    assertThat(Quantities.bytes("--memory", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GB", "-1GB", "0", "4XB", "99999999TB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> Quantities.bytes("--memory", text))
        .isInstanceOf(WrongCommandLine.class)
        .hasMessageStartingWith("Cannot read --memory ");
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5m, PT5M",
    "5min, PT5M",
    "1h30m, PT1H30M",
    "1.5s, PT1.5S"
  })
  void timesAreReadAsPeopleWriteThem(String text, Duration time) {
    assertThat(Quantities.time("--timeout", text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "0s", "-5s", "30s x"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Quantities.time("--timeout", text))
        .isInstanceOf(WrongCommandLine.class)
        .hasMessageStartingWith("Cannot read --timeout ");
  }

  @Test
  void aCountIsAtLeastOne() {
    assertThat(Quantities.count("--threads", " 8 ")).isEqualTo(8);
  }
}
