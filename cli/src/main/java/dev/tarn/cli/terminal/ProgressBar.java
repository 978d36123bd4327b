package dev.tarn.cli.terminal;

import dev.tarn.spi.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One line on the terminal that says how far a query is: drawn on standard error once a query has
 * taken half a second, and gone when the query ends. Nothing where standard error is no terminal.
 *
 * <p>The numbers are the engine's. It estimates how many rows it will process, so that the rate and
 * the time left are about right, and the fraction never goes back.
 */
public final class ProgressBar implements Progress.Listener {

  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int BAR_WIDTH = 24;
  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final String ERASE = "\r\u001b[2K";

  private final PrintStream err;
  private final IntPredicate isTerminal;
  private @Nullable Boolean draws;
  private boolean outputStarted;
  private boolean drawn;
  private long query = -1;
  private double fraction;
  private long rows;
  private int tick;

  public ProgressBar(PrintStream err) {
    this(err, Terminals::isTerminal);
  }

  ProgressBar(PrintStream err, IntPredicate isTerminal) {
    this.err = err;
    this.isTerminal = isTerminal;
  }

  @Override
  public synchronized void accept(Progress progress) {
    if (progress.state() == Progress.State.ENDED) {
      erase();
    } else if (progress.elapsed().compareTo(PATIENCE) >= 0 && draws()) {
      draw(progress);
    }
  }

  /** Results are printed from now on: where they go to the terminal too, the bar makes room. */
  public synchronized void outputStarts() {
    if (!outputStarted) {
      outputStarted = true;
      if (drawn && isTerminal.test(Terminals.OUT)) {
        draws = false;
      }
      erase();
    }
  }

  /** The results of one query are all there; the next may draw again. */
  public synchronized void outputEnded() {
    outputStarted = false;
    draws = null;
    erase();
  }

  /** Asked late, as it takes time, and most queries are over before. */
  private boolean draws() {
    Boolean known = draws;
    if (known == null) {
      known = isTerminal.test(Terminals.ERR) && !(outputStarted && isTerminal.test(Terminals.OUT));
      draws = known;
    }
    return known;
  }

  private void draw(Progress progress) {
    if (progress.query() != query) {
      query = progress.query();
      fraction = 0;
      rows = 0;
    }
    fraction = Math.max(fraction, progress.fraction().orElse(0));
    rows = Math.max(rows, progress.rows());
    err.print(ERASE + line(progress.elapsed()));
    err.flush();
    drawn = true;
  }

  private void erase() {
    if (drawn) {
      err.print(ERASE);
      err.flush();
      drawn = false;
    }
  }

  private String line(Duration elapsed) {
    double seconds = elapsed.toMillis() / 1000.0;
    String rate = rows > 0 ? " · ~" + amount(rows / seconds) + " rows/s" : "";
    if (fraction <= 0) {
      char sign = SPINNER.charAt(tick++ % SPINNER.length());
      return sign + " " + time(seconds) + rate;
    }
    int done = (int) (fraction * BAR_WIDTH);
    String left =
        fraction >= 0.01 && fraction < 1
            ? " · " + time(seconds * (1 - fraction) / fraction) + " left"
            : "";
    return String.format(
        Locale.ROOT,
        "%3.0f%% %s%s %s%s%s",
        Math.floor(fraction * 100),
        "━".repeat(done),
        "─".repeat(BAR_WIDTH - done),
        time(seconds),
        rate,
        left);
  }

  private static String amount(double number) {
    if (number >= 1e9) {
      return String.format(Locale.ROOT, "%.1fG", number / 1e9);
    } else if (number >= 1e6) {
      return String.format(Locale.ROOT, "%.1fM", number / 1e6);
    } else if (number >= 1e3) {
      return String.format(Locale.ROOT, "%.0fk", number / 1e3);
    }
    return String.format(Locale.ROOT, "%.0f", number);
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    } else if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
