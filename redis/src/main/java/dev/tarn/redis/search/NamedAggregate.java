package dev.tarn.redis.search;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Tables;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the documents that a query in an index' own language finds, asked for anew each
 * time they are read.
 *
 * @param names of the columns: the groups, then the calls
 */
public record NamedAggregate(
    Indexes indexes,
    String index,
    String query,
    List<String> groups,
    List<AggregateCall> calls,
    List<String> names)
    implements Source {

  public NamedAggregate {
    groups = List.copyOf(groups);
    calls = List.copyOf(calls);
    names = List.copyOf(names);
  }

  @Override
  public String name() {
    return "redis index " + index;
  }

  @Override
  public Schema schema() {
    var fields = new ArrayList<Field>();
    for (int i = 0; i < names.size(); i++) {
      DataType type =
          i < groups.size()
              ? DataType.VARCHAR
              : Objects.requireNonNull(calls.get(i - groups.size()).type(DataType.DOUBLE));
      fields.add(new Field(names.get(i), type));
    }
    return new Schema(fields);
  }

  @Override
  public Scan plan(ScanRequest request) {
    return new RowScan(List.of(columns -> new Reader(columns)), OptionalLong.empty());
  }

  private RowScan answer() {
    var fields = new ArrayList<Field>();
    groups.forEach(group -> fields.add(new Field(group, DataType.VARCHAR)));
    for (AggregateCall call : calls) {
      String column = call.column();
      if (column != null && fields.stream().noneMatch(field -> field.name().equals(column))) {
        boolean text = call.function() == Function.COUNT_DISTINCT;
        fields.add(new Field(column, text ? DataType.VARCHAR : DataType.DOUBLE));
      }
    }
    var spec =
        Tables.of(
            KeyType.HASH, KeyPattern.of("*"), new Schema(fields), ScanOptions.DEFAULT.index(index));
    AggregateAnswer answer =
        AggregatePlanner.byHand(
            indexes, spec, new AggregateRequest(groups, calls, List.of()), query);
    return switch (answer) {
      case AggregateAnswer.Rows rows -> rows.scan();
      case AggregateAnswer.Declined declined -> throw failure(declined.why());
      case AggregateAnswer.Offer offer -> throw failure("it did not say");
    };
  }

  private InvalidRequest failure(String why) {
    return new InvalidRequest(
        "Cannot aggregate by index %s: %s. Aggregate a frame of its keys.".formatted(index, why));
  }

  private final class Reader implements BatchReader {
    private final int[] columns;
    private @Nullable BatchReader rows;

    Reader(int[] columns) {
      this.columns = columns;
    }

    @Override
    public @Nullable Batch next() {
      BatchReader open = rows;
      if (open == null) {
        open = answer().rows().open(columns).next();
        rows = open;
      }
      return open == null ? null : open.next();
    }

    @Override
    public void close() {
      if (rows != null) {
        rows.close();
      }
    }
  }
}
