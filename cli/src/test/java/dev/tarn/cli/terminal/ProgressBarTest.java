package dev.tarn.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private static final Set<Integer> ALL = Set.of(Terminals.OUT, Terminals.ERR);
  private static final Set<Integer> NONE = Set.of();
  private static final Set<Integer> ERR_ONLY = Set.of(Terminals.ERR);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ProgressBar bar(Set<Integer> terminals) {
    return new ProgressBar(new PrintStream(err, true, StandardCharsets.UTF_8), terminals::contains);
  }

  private String drawn() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }

  private static Progress at(int millis, double fraction, long rows) {
    OptionalDouble part = fraction < 0 ? OptionalDouble.empty() : OptionalDouble.of(fraction);
    return new Progress(1, part, rows, 0, Duration.ofMillis(millis), Progress.State.RUNNING);
  }

  private static Progress end(int millis) {
    return new Progress(
        1, OptionalDouble.empty(), 0, 0, Duration.ofMillis(millis), Progress.State.ENDED);
  }

  @Test
  void aShortQueryDrawsNothing() {
    ProgressBar bar = bar(ALL);
    bar.accept(at(400, 0.9, 1000));
    bar.accept(end(450));
    assertThat(drawn()).isEmpty();
  }

  @Test
  void percentRateAndTimeLeftAreSaid() {
    bar(ALL).accept(at(10_000, 0.25, 20_000_000));
    assertThat(drawn()).contains(" 25% ━━━━━━─").contains("10 s · ~2.0M rows/s · 30 s left");
  }

  @Test
  void theLineVanishesAtTheEnd() {
    ProgressBar bar = bar(ALL);
    bar.accept(at(1000, 0.5, 0));
    bar.accept(end(2000));
    assertThat(drawn()).endsWith("\r\u001b[2K");
  }

  @Test
  void aSpinnerStandsForAnUnknownFraction() {
    bar(ALL).accept(at(3000, -1, 0));
    assertThat(drawn()).endsWith("⠋ 3 s");
  }

  @Test
  void theFractionNeverGoesBack() {
    ProgressBar bar = bar(ALL);
    bar.accept(at(1000, 0.5, 0));
    drawn();
    bar.accept(at(1100, 0.1, 0));
    assertThat(drawn()).contains(" 50% ");
  }

  @Test
  void nothingIsDrawnWhereThereIsNoTerminal() {
    ProgressBar bar = bar(NONE);
    bar.accept(at(5000, 0.5, 1));
    bar.accept(end(6000));
    assertThat(drawn()).isEmpty();
  }

  @Test
  void resultsOnTheSameTerminalEndTheDrawing() {
    ProgressBar bar = bar(ALL);
    bar.accept(at(1000, 0.5, 0));
    bar.outputStarts();
    drawn();
    bar.accept(at(1100, 0.6, 0));
    assertThat(drawn()).isEmpty();
    bar.outputEnded();
    bar.accept(at(1200, 0.7, 0));
    assertThat(drawn()).isNotEmpty();
  }

  @Test
  void resultsInAFileLetTheDrawingGoOn() {
    ProgressBar bar = bar(ERR_ONLY);
    bar.accept(at(1000, 0.5, 0));
    bar.outputStarts();
    drawn();
    bar.accept(at(1100, 0.6, 0));
    assertThat(drawn()).contains(" 60% ");
  }

  @Test
  void itFitsEightyColumns() {
    bar(ALL).accept(at(7_300_000, 0.011, 999_900_000_000L));
    assertThat(drawn().replaceAll("\r|\u001b\\[2K", "")).hasSizeLessThan(80);
  }
}
