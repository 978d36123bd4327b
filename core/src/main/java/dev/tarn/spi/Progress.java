package dev.tarn.spi;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How far a query is. Sent a few times a second while it runs, and once when it ends.
 *
 * @param query a number for the query, unique in its engine
 * @param fraction the part that is done, 0 to 1; empty while unknown
 * @param rows rows processed so far, as far as known
 * @param totalRows rows to process in all; 0 while unknown
 * @param state whether more will come
 */
public record Progress(
    long query, OptionalDouble fraction, long rows, long totalRows, Duration elapsed, State state) {

  public enum State {
    RUNNING,
    ENDED
  }

  /** Whoever wants to know. Called on a thread of the engine; must be quick. */
  @FunctionalInterface
  public interface Listener extends Consumer<Progress> {}
}
