package dev.tarn.duckdb;

import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** What the sources of one query say to its aggregates. */
final class Answers {

  /** Whether sources are asked, or only say how they would be. */
  enum Mode {
    RUN,
    EXPLAIN
  }

  private final Map<Integer, Answered> answered = new TreeMap<>();
  private final Map<Integer, String> declined;

  private Answers(Map<Integer, String> unfit) {
    this.declined = new TreeMap<>(unfit);
  }

  /** Rows in the place of a source's own. */
  record Answered(AggregateRequest request, Source source, RowScan scan) {
    Probe.Need need() {
      return new Probe.Need(
          new ScanRequest(source.schema().names(), request.filters(), OptionalLong.empty()),
          List.of());
    }
  }

  /** Asks the one source of a frame. */
  static Answers ask(DirectAggregate aggregate, Mode mode) {
    var answers = new Answers(Map.of());
    answers.ask(0, aggregate.asked(), aggregate.source(), mode);
    return answers;
  }

  /** Asks them. */
  static Answers ask(Aggregates aggregates, IntFunction<Source> sources, Mode mode) {
    var answers = new Answers(aggregates.unfit());
    aggregates
        .asked()
        .forEach((use, aggregate) -> answers.ask(use, aggregate, sources.apply(use), mode));
    return answers;
  }

  private void ask(int use, Aggregates.Asked aggregate, Source source, Mode mode) {
    AggregateAnswer answer = source.aggregate(aggregate.request());
    if (answer instanceof AggregateAnswer.Offer offer) {
      answer =
          mode == Mode.RUN ? offer.run().get() : new AggregateAnswer.Rows(unread(offer.notes()));
    }
    switch (answer) {
      case AggregateAnswer.Rows rows ->
          answered.put(
              use,
              new Answered(
                  aggregate.request(),
                  new Result(source.name(), aggregate.answer(), rows.scan()),
                  rows.scan()));
      case AggregateAnswer.Declined no -> declined.put(use, no.why());
      case AggregateAnswer.Offer again -> declined.put(use, "the source did not say");
    }
  }

  private static RowScan unread(List<String> notes) {
    var nothing = new RowScan(List.of(), OptionalLong.empty());
    return new RowScan(nothing.rows(), OptionalLong.empty(), null, notes);
  }

  Map<Integer, Answered> answered() {
    return answered;
  }

  /** As if none had answered. */
  void withdraw(String why) {
    answered.keySet().forEach(use -> declined.put(use, why));
    answered.clear();
  }

  /** What there is to know of a use that is read as any other. */
  List<String> notes(int use) {
    String why = declined.get(use);
    return why == null || why.isEmpty() ? List.of() : List.of("not aggregated there: " + why);
  }

  /** The answer as a source of rows. */
  private record Result(String name, Schema schema, RowScan scan) implements Source {
    @Override
    public boolean usesRequests() {
      return true;
    }

    @Override
    public Scan plan(ScanRequest request) {
      return scan;
    }
  }
}
