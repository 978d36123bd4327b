package dev.tarn.redis.write;

import dev.tarn.error.BadData;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.redis.IfExists;
import dev.tarn.redis.WriteReport;
import dev.tarn.redis.WriteReport.Failure;
import dev.tarn.redis.scan.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of the keys of a write. Safe for use by several threads. */
class Tally implements Outcomes {

  private static final int MOST_FAILURES = 100;
  private static final int NAMED = 3;

  private final IfExists mode;
  private final String advice;
  final LongAdder written = new LongAdder();
  final LongAdder kept = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder uncertain = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final List<Failure> failures = new ArrayList<>();

  Tally(IfExists mode) {
    this(mode, "The others are written; onReport tells more, reportFailures() makes it no error.");
  }

  /**
   * One whose error ends with an advice.
   *
   * @param advice what became of the other keys, and what to do
   */
  Tally(IfExists mode, String advice) {
    this.mode = mode;
    this.advice = advice;
  }

  @Override
  public void done(Item item, @Nullable Object reply) {
    written.increment();
  }

  @Override
  public void existed(byte[] key) {
    if (mode == IfExists.KEEP) {
      kept.increment();
    } else {
      failed(key, "it is there already", true);
    }
  }

  @Override
  public void failed(byte[] key, String reason, boolean lasting) {
    failed(Texts.plain(key), reason, lasting);
  }

  /** A row whose key cannot be told. */
  void failed(String row, String reason, boolean lasting) {
    failed.increment();
    if (!lasting) {
      denied.increment();
    }
    add(new Failure(row, reason, false));
  }

  @Override
  public void uncertain(byte[] key, String reason) {
    uncertain.increment();
    denied.increment();
    add(new Failure(Texts.plain(key), reason, true));
  }

  private void add(Failure failure) {
    synchronized (failures) {
      if (failures.size() < MOST_FAILURES) {
        failures.add(failure);
      }
    }
  }

  List<Failure> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** The error for a write of which not all keys were written. */
  TarnException error(String target, WriteReport report, @Nullable Throwable cause) {
    if (cause != null) {
      return new Unavailable(
          "Cannot write all rows: %s; %,d keys are written, %,d failed, %,d are uncertain. Write again what is missing; onReport tells more. [%s]"
              .formatted(
                  cause.getMessage(),
                  report.written(),
                  report.failed(),
                  report.uncertain(),
                  target),
          cause);
    }
    long bad = report.failed() + report.uncertain();
    String names =
        report.failures().stream()
            .limit(NAMED)
            .map(Failure::toString)
            .collect(Collectors.joining("; "));
    String message =
        "Cannot write %,d of %,d keys: %s%s. %s [%s]"
            .formatted(
                bad,
                bad + report.written() + report.kept(),
                names,
                bad > NAMED ? "; …" : "",
                advice,
                target);
    return denied.sum() > 0 ? new Unavailable(message) : new BadData(message);
  }
}
