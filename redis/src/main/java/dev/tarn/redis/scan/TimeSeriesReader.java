package dev.tarn.redis.scan;

import dev.tarn.redis.Samples;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Time series: a row for each sample, or for each bucket of samples, in order. Labels, and the
 * number of samples where that is all that is wanted, come of {@code TS.INFO}.
 */
final class TimeSeriesReader implements ValueReader {

  private static final int COUNT = 1000;

  private final int[] times;
  private final int[] values;
  private final int[] labelColumns;
  private final List<String> labels;
  private final Samples samples;
  private final Span bounds;
  private final boolean readsSamples;

  /**
   * A page.
   *
   * @param from milliseconds
   * @param labels of the series
   */
  private record Page(long from, List<byte @Nullable []> labels) {}

  TimeSeriesReader(ScanSpec spec, List<ScanColumn> wanted, ReadBounds bounds) {
    this.times = Columns.withRole(wanted, Role.TIME);
    this.values = Columns.withRole(wanted, Role.VALUE);
    this.labelColumns = Columns.withRole(wanted, Role.LABEL);
    this.labels =
        wanted.stream()
            .filter(column -> column.role() == Role.LABEL)
            .map(ScanColumn::source)
            .toList();
    this.samples = spec.samples();
    this.bounds = bounds.millis();
    this.readsSamples = times.length + values.length > 0 || samples.aggregation().isPresent();
  }

  private boolean asksInfo(@Nullable Object position) {
    return !(position instanceof Page) && (!labels.isEmpty() || !readsSamples);
  }

  @Override
  public int commands(@Nullable Object position) {
    return (asksInfo(position) ? 1 : 0) + (readsSamples ? 1 : 0);
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    if (asksInfo(position)) {
      to.send(Command.TS_INFO, key);
    }
    if (!readsSamples) {
      return;
    }
    var arguments = new ArrayList<byte[]>();
    arguments.add(key);
    arguments.add(from(position));
    arguments.add(last());
    arguments.add(Arguments.COUNT);
    arguments.add(Arguments.number(COUNT));
    samples
        .aggregation()
        .ifPresent(aggregation -> {
          arguments.add(Arguments.AGGREGATION);
          arguments.add(Arguments.word(aggregation.function()));
          arguments.add(Arguments.number(aggregation.bucket().toMillis()));
        });
    to.send(Command.TS_RANGE, arguments.toArray(byte[][]::new));
  }

  /** Buckets are read whole, or their values would be of some of their samples only. */
  private byte[] from(@Nullable Object position) {
    if (position instanceof Page page) {
      return Arguments.number(page.from());
    }
    if (bounds.first() == 0) {
      return Arguments.LEAST;
    }
    return Arguments.number(bounds.first() - bounds.first() % bucket());
  }

  private byte[] last() {
    if (bounds.last() > Long.MAX_VALUE - bucket()) {
      return Arguments.MOST;
    }
    long last = Math.max(bounds.first(), bounds.last());
    return Arguments.number(last - last % bucket() + bucket() - 1);
  }

  private long bucket() {
    return samples.aggregation().map(a -> a.bucket().toMillis()).orElse(1L);
  }

  @Override
  public boolean expects(ServerError error) {
    return error.is("WRONGTYPE") || isGone(error);
  }

  private static boolean isGone(ServerError error) {
    return error.message().contains("the key does not exist");
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    for (Object reply : replies) {
      if (reply instanceof ServerError error) {
        return isGone(error) ? Outcome.GONE : Outcome.OTHER_TYPE;
      }
    }
    List<byte @Nullable []> ofSeries =
        position instanceof Page page
            ? page.labels()
            : labels.isEmpty() ? List.of() : labels(replies[0]);
    return readsSamples
        ? samples(Link.list(replies[replies.length - 1]), ofSeries, rows)
        : counted(replies[0], ofSeries, rows);
  }

  private Outcome samples(List<?> reply, List<byte @Nullable []> ofSeries, RowBuffer rows) {
    long time = 0;
    for (Object each : reply) {
      List<?> sample = Link.list(each);
      time = sample.getFirst() instanceof Long millis ? millis : 0;
      for (int column : times) {
        rows.moment(column, time);
      }
      for (int column : values) {
        if (sample.get(1) instanceof Double value) {
          rows.value(column, value);
        } else {
          rows.value(column, (byte[]) sample.get(1));
        }
      }
      if (!row(ofSeries, rows)) {
        return Outcome.ENOUGH;
      }
    }
    return reply.size() < COUNT || time > bounds.last()
        ? Outcome.READ
        : new Outcome.More(new Page(time + bucket(), ofSeries));
  }

  private Outcome counted(@Nullable Object info, List<byte @Nullable []> ofSeries, RowBuffer rows) {
    long count = Replies.entry(info, "totalSamples") instanceof Long total ? total : 0;
    for (long i = 0; i < count; i++) {
      if (!row(ofSeries, rows)) {
        return Outcome.ENOUGH;
      }
    }
    return Outcome.READ;
  }

  private boolean row(List<byte @Nullable []> ofSeries, RowBuffer rows) {
    for (int i = 0; i < labelColumns.length; i++) {
      rows.value(labelColumns[i], ofSeries.get(i));
    }
    return rows.endRow();
  }

  private List<byte @Nullable []> labels(@Nullable Object info) {
    Object all = Replies.entry(info, "labels");
    var found = new ArrayList<byte @Nullable []>();
    for (String label : labels) {
      found.add(Replies.entry(all, label) instanceof byte[] value ? value : null);
    }
    return found;
  }

  @Override
  public Outcome empty(RowBuffer rows) {
    return Outcome.READ;
  }
}
