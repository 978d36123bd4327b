package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Keys of one type as a table. Each query reads them anew, as they are then. */
public final class RedisSource implements Source {

  /** Threads of the engine that take batches, at most. */
  private static final int SPLITS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final Servers servers;
  private final ScanSpec spec;

  public RedisSource(Servers servers, ScanSpec spec) {
    this.servers = servers;
    this.spec = spec;
  }

  @Override
  public String name() {
    return spec.name();
  }

  public ScanSpec spec() {
    return spec;
  }

  @Override
  public Schema schema() {
    return spec.schema();
  }

  @Override
  public boolean usesRequests() {
    return true;
  }

  @Override
  public Scan plan(ScanRequest request) {
    KeySelection selection = KeyFilters.select(spec, request);
    var runs = new Runs(selection, ReadBounds.of(spec, request.filters()));
    var splits = new ArrayList<RowScan.Split>();
    for (int i = 0; i < SPLITS; i++) {
      int split = i;
      splits.add(columns -> runs.open(split, columns));
    }
    List<byte[]> keys = selection.keys();
    return new RowScan(
        splits,
        keys == null ? OptionalLong.empty() : OptionalLong.of(keys.size()),
        selection.used(),
        List.of(command(selection)));
  }

  /** What is sent to the server to find keys. */
  private String command(KeySelection selection) {
    List<byte[]> keys = selection.keys();
    if (keys != null) {
      return "%d key%s read by name, no SCAN".formatted(keys.size(), keys.size() == 1 ? "" : "s");
    }
    String limit =
        selection.limit() == Long.MAX_VALUE ? "" : " until %d rows".formatted(selection.limit());
    return "SCAN MATCH %s TYPE %s%s".formatted(selection.match(), spec.type().server(), limit);
  }

  /**
   * The runs of one scan: all its splits share one. A query that reads the scan again, from its
   * first split, gets another.
   */
  private final class Runs {
    private final KeySelection selection;
    private final ReadBounds bounds;
    private final int[] opened = new int[SPLITS];
    private final Map<Integer, Shared> shared = new HashMap<>();

    Runs(KeySelection selection, ReadBounds bounds) {
      this.selection = selection;
      this.bounds = bounds;
    }

    synchronized BatchReader open(int split, int[] columns) {
      int generation = opened[split]++;
      Shared run =
          shared.computeIfAbsent(
              generation,
              g -> {
                List<ScanColumn> wanted =
                    Arrays.stream(columns).mapToObj(spec.columns()::get).toList();
                return new Shared(new ScanRun(servers, spec, selection, bounds, wanted));
              });
      return run.open();
    }
  }

  /** A run with those who read it; it is closed with the last of them. */
  private static final class Shared {
    private final ScanRun run;
    private int readers;
    private boolean closed;

    Shared(ScanRun run) {
      this.run = run;
    }

    synchronized BatchReader open() {
      readers++;
      return new Reader();
    }

    private synchronized boolean isLast() {
      boolean last = --readers == 0 && !closed;
      closed |= last;
      return last;
    }

    private final class Reader implements BatchReader {
      private boolean ended;

      @Override
      public @Nullable Batch next() {
        return ended ? null : run.next();
      }

      @Override
      public void close() {
        if (!ended) {
          ended = true;
          if (isLast()) {
            run.close();
          }
        }
      }
    }
  }
}
