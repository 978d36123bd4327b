package dev.tarn.spi;

import java.util.List;
import java.util.function.Supplier;

/** What a source says to an {@link AggregateRequest}. */
public sealed interface AggregateAnswer {

  /**
   * It may be able to answer.
   *
   * @param notes how it would, for {@code explain}
   * @param run asks now; {@link Rows} or {@link Declined}
   */
  record Offer(List<String> notes, Supplier<AggregateAnswer> run) implements AggregateAnswer {
    public Offer {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The answer: a row for each group that is needed, in no order; its columns are the groups and
   * then the calls, of the types that the engine gives them. Notes say how it was found.
   */
  record Rows(RowScan scan) implements AggregateAnswer {}

  /**
   * The engine must aggregate the rows itself.
   *
   * @param why for {@code explain}; part of a sentence
   */
  record Declined(String why) implements AggregateAnswer {}
}
