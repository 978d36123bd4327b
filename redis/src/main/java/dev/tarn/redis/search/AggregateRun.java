package dev.tarn.redis.search;

import dev.tarn.io.BatchSource;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Asks for an aggregate, and gives up where the answer may not be the engine's. */
final class AggregateRun {

  private final Indexes indexes;
  private final ScanSpec spec;
  private final AggregateRequest request;
  private final AggregateCommand command;

  /**
   * What came of a command.
   *
   * @param rows nothing where it does not tell
   * @param next what may tell then
   */
  private record Answer(
      Optional<List<List<@Nullable Object>>> rows, Optional<AggregateCommand> next) {}

  AggregateRun(Indexes indexes, ScanSpec spec, AggregateRequest request, AggregateCommand command) {
    this.indexes = indexes;
    this.spec = spec;
    this.request = request;
    this.command = command;
  }

  AggregateAnswer run() {
    try (Borrowed connection = indexes.connect()) {
      Link link = connection.link();
      AggregateCommand asked = command;
      Answer answer = ask(link, asked);
      while (answer.rows().isEmpty()) {
        asked = answer.next().orElseThrow(() -> new Doubtful("it does not tell what is null"));
        answer = ask(link, asked);
      }
      return new AggregateAnswer.Rows(scan(answer.rows().get(), asked.shown()));
    } catch (Doubtful e) {
      return new AggregateAnswer.Declined(e.why());
    } catch (LostConnection e) {
      return new AggregateAnswer.Declined(String.valueOf(e.getMessage()));
    }
  }

  private Answer ask(Link link, AggregateCommand asked) {
    // What looks at each document leaves out those without its fields: they may be as many as came
    // since it was known how many there were
    boolean known = asked.choice().query().equals("*") && !asked.checked();
    long expected = known ? asked.choice().documents() : documents(link, asked.choice());
    long start = System.nanoTime();
    Object reply = link.call(SearchCommands.FT_AGGREGATE, SearchCommands.bytes(asked.words()));
    long nanos = System.nanoTime() - start;
    List<Map<String, byte @Nullable []>> answer = AggregateReply.rows(reply);
    var result = new AggregateResult(asked);
    AggregateTop top = asked.top();
    Optional<List<List<@Nullable Object>>> rows = Optional.empty();
    if (top == null || answer.size() < top.most()) {
      rows = result.rows(answer);
      // Version 1 takes long to tell of an index; as many as before are all, whatever it is made of
      boolean asBefore = known && asked.choice().isOld() && result.documents() == expected;
      if (rows.isPresent() && !asBefore) {
        requireAll(result.documents(), expected, link, asked.choice());
        requireUnchanged(link);
      }
    }
    // Of the first groups nothing but the time tells whether all documents were looked at
    if (rows.isEmpty() && top != null && !new KeySearch(asked.choice(), link).tookLong(nanos)) {
      rows = top.rows(answer, result);
      if (rows.isPresent()) {
        requireUnchanged(link);
      }
    }
    return new Answer(rows, next(asked, result));
  }

  /** What may tell where a command did not. */
  private static Optional<AggregateCommand> next(AggregateCommand asked, AggregateResult result) {
    if (result.isUnclear()) {
      return asked.choice().isOld() ? Optional.of(asked.closer()) : Optional.empty();
    }
    return asked.first() == null ? Optional.empty() : Optional.of(asked.ofAllGroups());
  }

  private void requireUnchanged(Link link) {
    String doubt = Unchanged.doubt(command.choice(), link);
    if (!doubt.isEmpty()) {
      throw new Doubtful(doubt);
    }
  }

  /**
   * A server that runs out of time answers with what it has, and does not say so. How many there
   * are was known some seconds ago; to ask takes it 14 ms for a million documents.
   */
  private static void requireAll(long counted, long expected, Link link, SearchChoice choice) {
    if (counted == expected) {
      return;
    }
    long now = documents(link, choice);
    if (counted != now) {
      throw new Doubtful(
          "it counted %,d documents of %,d: time ran out, or some have none of the fields, or are gone"
              .formatted(counted, now));
    }
  }

  private static long documents(Link link, SearchChoice choice) {
    if (choice.query().equals("*")) {
      return IndexReply.parse(
              choice.index().name(),
              link.call(Indexes.FT_INFO, KeySearch.word(choice.index().name())))
          .documents();
    }
    SearchReply found = new KeySearch(choice, link).count();
    if (!found.doubt().isEmpty()) {
      throw new Doubtful(found.doubt());
    }
    return found.total();
  }

  // ---- rows

  private RowScan scan(List<List<@Nullable Object>> rows, String shown) {
    Schema schema = schema();
    var batches = new ArrayList<Batch>();
    for (int start = 0; start < rows.size(); start += Batch.MAX_SCAN_ROWS) {
      batches.add(
          batch(schema, rows.subList(start, Math.min(rows.size(), start + Batch.MAX_SCAN_ROWS))));
    }
    var scan =
        (RowScan)
            new BatchSource(spec.name(), schema, batches)
                .plan(new ScanRequest(schema.names(), List.of(), OptionalLong.empty()));
    return new RowScan(scan.rows(), scan.rowEstimate(), request.filters(), List.of(shown));
  }

  private static Batch batch(Schema schema, List<List<@Nullable Object>> rows) {
    var vectors = new ArrayList<Vector>();
    for (int i = 0; i < schema.size(); i++) {
      int column = i;
      DataType type = schema.fields().get(i).type();
      vectors.add(
          type.equals(DataType.VARCHAR)
              ? new Vector.Utf8(
                  rows.stream().map(row -> (byte[]) row.get(column)).toArray(byte[][]::new))
              : Vector.of(type, rows.stream().map(row -> row.get(column)).toArray()));
    }
    return new Batch(schema, rows.size(), vectors);
  }

  private Schema schema() {
    var fields = new ArrayList<Field>();
    for (String group : request.groups()) {
      fields.add(new Field("g" + fields.size(), type(group)));
    }
    for (AggregateCall call : request.calls()) {
      String column = call.column();
      fields.add(
          new Field(
              "c" + fields.size(),
              Objects.requireNonNull(call.type(column == null ? null : type(column)))));
    }
    return new Schema(fields);
  }

  private DataType type(String column) {
    return spec.columns().stream()
        .filter(c -> c.name().equalsIgnoreCase(column))
        .findFirst()
        .orElseThrow()
        .type();
  }
}
