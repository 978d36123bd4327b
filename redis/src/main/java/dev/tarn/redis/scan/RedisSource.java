package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.expr.Expr;
import dev.tarn.redis.search.AggregatePlanner;
import dev.tarn.redis.search.Decision;
import dev.tarn.redis.search.Indexes;
import dev.tarn.redis.search.RequiredSearch;
import dev.tarn.redis.search.SearchChoice;
import dev.tarn.redis.search.SearchPlanner;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of one type as a table. Each query reads them anew, as they are then. */
public final class RedisSource implements Source {

  /** Threads of the engine that take batches, at most. */
  private static final int PARTS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final Servers servers;
  private final ScanSpec spec;
  private final @Nullable Indexes indexes;

  /** One that no index helps. */
  public RedisSource(Servers servers, ScanSpec spec) {
    this(servers, spec, null);
  }

  /**
   * One that an index may help.
   *
   * @param indexes of the servers; null for none
   */
  public RedisSource(Servers servers, ScanSpec spec, @Nullable Indexes indexes) {
    this.servers = servers;
    this.spec = spec;
    this.indexes = indexes;
  }

  @Override
  public String name() {
    return spec.name();
  }

  public ScanSpec spec() {
    return spec;
  }

  /** Whether its keys are on these servers, by whomever they were opened. */
  public boolean isOf(Servers these) {
    return servers.name().equals(these.name());
  }

  /** Whether filters name the keys, so that none need be looked for. */
  public boolean readsByName(ScanRequest request) {
    return KeyFilters.select(spec, request).keys() != null;
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
  public boolean aggregates() {
    return indexes != null && spec.type() == KeyType.HASH && spec.conditions().isEmpty();
  }

  @Override
  public AggregateAnswer aggregate(AggregateRequest request) {
    return indexes == null
        ? new AggregateAnswer.Declined("there is no index")
        : AggregatePlanner.plan(indexes, spec, request);
  }

  @Override
  public Source searching(List<Expr.Search> conditions) {
    return new RedisSource(servers, RequiredSearch.narrowed(indexes, spec, conditions), indexes);
  }

  @Override
  public Scan plan(ScanRequest request) {
    KeySelection byKeys = KeyFilters.select(spec, request);
    Decision decision = decision(byKeys, request);
    KeySelection selection =
        (spec.isSearched() ? allOf(byKeys.limit()) : byKeys).by(decision.choice());
    var notes = new ArrayList<String>();
    if (decision.choice() == null) {
      notes.add(command(selection));
    }
    notes.addAll(decision.notes());
    ReadBounds bounds = ReadBounds.of(spec, request.filters());
    reading(request, bounds).ifPresent(notes::add);
    return new RowScan(
        new Runs(selection, bounds), rows(selection), used(selection, request), notes);
  }

  private Decision decision(KeySelection byKeys, ScanRequest request) {
    if (indexes == null) {
      return Decision.SILENT;
    }
    if (spec.isSearched()) {
      return RequiredSearch.decide(indexes, spec, request.filters(), isScored(request));
    }
    return byKeys.keys() != null
        ? Decision.SILENT
        : SearchPlanner.decide(indexes, spec, request.filters());
  }

  private boolean isScored(ScanRequest request) {
    return spec.columns().stream()
        .anyMatch(c -> c.role() == Role.RELEVANCE && request.columns().contains(c.name()));
  }

  /** What a query finds is not narrowed by names of keys: they may be none that it finds. */
  private KeySelection allOf(long limit) {
    return new KeySelection(spec.pattern(), spec.pattern(), null, limit, List.of());
  }

  private static OptionalLong rows(KeySelection selection) {
    List<byte[]> keys = selection.keys();
    SearchChoice search = selection.search();
    return keys != null
        ? OptionalLong.of(keys.size())
        : search != null ? OptionalLong.of(search.matched()) : OptionalLong.empty();
  }

  private List<Expr> used(KeySelection selection, ScanRequest request) {
    var used = new LinkedHashSet<>(selection.used());
    request.filters().stream()
        .filter(filter -> !ReadBounds.of(spec, List.of(filter)).equals(ReadBounds.ALL))
        .forEach(used::add);
    if (selection.search() != null) {
      used.addAll(selection.search().used());
    }
    return List.copyOf(used);
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

  /** What is sent for each key, or for its first part; empty where the keys are all. */
  private Optional<String> reading(ScanRequest request, ReadBounds bounds) {
    List<ScanColumn> read =
        Columns.read(
            spec,
            spec.columns().stream().filter(c -> request.columns().contains(c.name())).toList());
    if (!Columns.needValues(spec.type(), read)) {
      return Optional.empty();
    }
    var commands = new ArrayList<String>();
    ValueReader reader = spec.type().reader(spec, read, bounds);
    reader.send(
        (command, arguments) ->
            commands.add(
                Stream.concat(
                        Stream.of(command.toString()), Arrays.stream(arguments).map(Texts::plain))
                    .collect(Collectors.joining(" "))),
        "<key>".getBytes(UTF_8),
        reader.start());
    return Optional.of("for each " + String.join(", ", commands));
  }

  /** Each reading is a run of its own. */
  private final class Runs implements RowScan.Rows {
    private final KeySelection selection;
    private final ReadBounds bounds;

    Runs(KeySelection selection, ReadBounds bounds) {
      this.selection = selection;
      this.bounds = bounds;
    }

    @Override
    public int parts() {
      return PARTS;
    }

    @Override
    public RowScan.Reading open(int[] columns) {
      List<ScanColumn> wanted = Arrays.stream(columns).mapToObj(spec.columns()::get).toList();
      return new Shared(() -> new ScanRun(servers, spec, selection, bounds, wanted));
    }
  }

  /**
   * A run with those who read it; it begins with the first of them, and is closed with the last.
   */
  private static final class Shared implements RowScan.Reading {
    private final Supplier<ScanRun> begin;
    private @Nullable ScanRun run;
    private int opened;
    private int reading;

    Shared(Supplier<ScanRun> begin) {
      this.begin = begin;
    }

    @Override
    public synchronized @Nullable BatchReader next() {
      if (opened == PARTS || (opened > 0 && reading == 0)) {
        return null;
      }
      ScanRun begun = run == null ? begin.get() : run;
      run = begun;
      opened++;
      reading++;
      return new Reader(begun);
    }

    private synchronized boolean isLast() {
      return --reading == 0;
    }

    private final class Reader implements BatchReader {
      private final ScanRun run;
      private boolean ended;

      Reader(ScanRun run) {
        this.run = run;
      }

      @Override
      public @Nullable Batch next() {
        return ended ? null : run.next();
      }

      @Override
      public void cancel() {
        run.cancel();
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
