package dev.tarn.redis;

import java.time.Duration;
import java.util.List;

/**
 * How a write went. A key that several rows of hashes, documents or strings have counts once for
 * each, and one that MERGE adds to in parts once for each of them.
 *
 * @param rows that the frame gave
 * @param written keys that were written, acknowledged by the server
 * @param kept keys that were there and were left as they are
 * @param failed keys that were not written
 * @param uncertain keys that were written or not: the connection broke before the answer, and what
 *     is there does not tell; or they were not written as a whole
 * @param bytes of all commands, with keys and values
 * @param connections to all servers
 * @param reconnects how often a connection was lost
 * @param time from start to last answer
 * @param complete whether all rows were tried; else servers went out of reach
 * @param failures of the failed and the uncertain keys the first hundred
 */
public record WriteReport(
    long rows,
    long written,
    long kept,
    long failed,
    long uncertain,
    long bytes,
    int connections,
    long reconnects,
    Duration time,
    boolean complete,
    List<Failure> failures) {

  public WriteReport {
    failures = List.copyOf(failures);
  }

  /**
   * A key that was not written, or maybe not.
   *
   * @param key as text; what is no text as {@code \x00}
   * @param reason in the server's words where it is the server's
   * @param uncertain whether it may have been written
   */
  public record Failure(String key, String reason, boolean uncertain) {

    @Override
    public String toString() {
      return "%s: %s%s".formatted(key, uncertain ? "uncertain: " : "", reason);
    }
  }

  /** Whether each key was written or, where that was said, kept. */
  public boolean isSuccess() {
    return complete && failed == 0 && uncertain == 0;
  }
}
