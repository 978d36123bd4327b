package dev.tarn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.error.TarnException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on how something is refused: {@code Cannot <verb> <thing>: <why>. <what to do>}. */
public final class Refusals {

  private Refusals() {}

  /**
   * Asserts that it fails with this type, in one line of the agreed shape, which the pattern
   * describes whole.
   */
  public static void assertRefused(
      Class<? extends TarnException> type, String pattern, ThrowingCallable action) {
    Throwable thrown = catchThrowable(action);
    assertThat(thrown).as("expected to fail like: %s", pattern).isNotNull();
    assertThat(thrown).isExactlyInstanceOf(type);
    assertThat(thrown).hasMessageMatching("Cannot [a-z]+ [^\\n]+: [^\\n]+[.?] [^\\n]+[.?)…]");
    assertThat(thrown).hasMessageMatching(pattern);
  }
}
