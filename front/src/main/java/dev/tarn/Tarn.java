package dev.tarn;

import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.io.BatchSource;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSource;
import dev.tarn.io.ReadOptions;
import dev.tarn.io.RecordBatch;
import dev.tarn.io.StreamSource;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Lake;
import dev.tarn.lake.LakeCatalog;
import dev.tarn.lake.Option;
import dev.tarn.plan.Plan;
import dev.tarn.redis.Redis;
import dev.tarn.redis.RedisFunctions;
import dev.tarn.redis.RedisOptions;
import dev.tarn.redis.RedisStream;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.Progress;
import dev.tarn.spi.TableArguments;
import dev.tarn.spi.Tables;
import dev.tarn.spi.Version;
import dev.tarn.streams.ConsumeOptions;
import dev.tarn.streams.StreamConsumer;
import dev.tarn.type.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The front door: opens files as frames and runs SQL over them. Owns its engine; closing it cancels
 * what still runs. Safe for use by several threads; open one for an application.
 *
 * <pre>{@code
 * try (Tarn tarn = Tarn.open()) {
 *   tarn.parquet("sales/**\/*.parquet").filter(col("amount").gt(100)).show();
 * }
 * }</pre>
 */
public final class Tarn implements AutoCloseable {

  private final DuckDbEngine engine;
  private final SortedMap<String, Frame> tables =
      new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

  private final @Nullable Lake lake;
  private final List<Redis> redis = new CopyOnWriteArrayList<>();
  private volatile @Nullable Supplier<Redis> redisToCall;
  private final Names names = new Names();

  private Tarn(DuckDbOptions options, @Nullable LakeCatalog catalog) {
    this.engine = DuckDbEngine.open(options);
    try {
      this.lake = catalog == null ? null : Lake.open(catalog, engine);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** Opens one on all cores and up to 80 % of the memory. */
  public static Tarn open() {
    return open(DuckDbOptions.DEFAULT);
  }

  /** Opens one with memory limit, threads, spill folder and time-out as said. */
  public static Tarn open(DuckDbOptions options) {
    return new Tarn(options, null);
  }

  /**
   * Opens one with a lake in a folder, which is made where there is none.
   *
   * @throws dev.tarn.error.Unavailable when the lake is out of reach
   */
  public static Tarn open(Path lake) {
    return open(LakeCatalog.of(lake), DuckDbOptions.DEFAULT);
  }

  /** Opens one with a lake by its catalog, and an engine with options as said. */
  public static Tarn open(LakeCatalog lake, DuckDbOptions options) {
    return new Tarn(options, lake);
  }

  // ---- datasets

  /**
   * The lake that it was opened with.
   *
   * @throws InvalidRequest when it was opened without one
   */
  public Lake lake() {
    if (lake == null) {
      throw new InvalidRequest(
          "Cannot open a dataset: there is no lake. Open Tarn with the lake's folder.");
    }
    return lake;
  }

  /** A dataset of the lake, by name; those outside of the default namespace as {@code ns.name}. */
  public Dataset dataset(String name) {
    return lake().dataset(name);
  }

  /** Makes a dataset of a frame's columns and rows, by one commit. */
  public Dataset create(String name, Frame frame, Option.OfTable... options) {
    return lake().create(name, frame, options);
  }

  /** Makes an empty dataset. */
  public Dataset create(String name, Schema schema, Option.OfTable... options) {
    return lake().create(name, schema, options);
  }

  // ---- Redis

  /**
   * The Redis servers of a URL, which are closed with this. SQL text calls those that were opened
   * first: {@code FROM redis_hashes('user:*')}. Takes no connection; see {@link RedisOptions} for
   * what a URL can say.
   */
  public Redis redis(String url) {
    return redis(url, options -> options);
  }

  /** The same with options changed. */
  public Redis redis(String url, UnaryOperator<RedisOptions> options) {
    Redis opened = Redis.open(url, options, engine);
    redis.add(opened);
    return opened;
  }

  /**
   * What opens a Redis, by {@link #redis(String)}, once SQL text calls one and none is open. It may
   * be asked more than once where several threads call the first.
   */
  public Tarn redisWhenCalled(Supplier<Redis> opened) {
    redisToCall = opened;
    return this;
  }

  private Redis called(String function) {
    if (!redis.isEmpty()) {
      return redis.getFirst();
    }
    Supplier<Redis> opens = redisToCall;
    if (opens == null) {
      throw new InvalidRequest(
          "Cannot call %s: no Redis is open. Say tarn.redis(url) before, or give the command --redis URL."
              .formatted(function));
    }
    return opens.get();
  }

  /**
   * What appends the entries of a stream to a dataset, once it is run; whoever has it closes it.
   */
  public StreamConsumer consume(
      RedisStream stream, Dataset dataset, UnaryOperator<ConsumeOptions> options) {
    return new StreamConsumer(stream, dataset, engine, options.apply(ConsumeOptions.DEFAULT));
  }

  // ---- files as they stand

  /**
   * Parquet files: paths, globs ({@code data/**\/*.parquet}) or folders. Files whose columns differ
   * are unified by name; folders named {@code key=value} become columns.
   */
  public Frame parquet(String... paths) {
    return files(FileFormat.PARQUET, List.of(paths), ReadOptions.DEFAULT);
  }

  public Frame parquet(String path, UnaryOperator<ReadOptions> options) {
    return files(FileFormat.PARQUET, List.of(path), options.apply(ReadOptions.DEFAULT));
  }

  /**
   * CSV files. Separator, header and types are found out from the files; numbers with a zero in
   * front stay text. That reads files of more than 40 kB once; a schema spares it.
   */
  public Frame csv(String... paths) {
    return files(FileFormat.CSV, List.of(paths), ReadOptions.DEFAULT);
  }

  public Frame csv(String path, UnaryOperator<ReadOptions> options) {
    return files(FileFormat.CSV, List.of(path), options.apply(ReadOptions.DEFAULT));
  }

  /** JSON files: an array of objects, or objects one after another. */
  public Frame json(String... paths) {
    return files(FileFormat.JSON, List.of(paths), ReadOptions.DEFAULT);
  }

  public Frame json(String path, UnaryOperator<ReadOptions> options) {
    return files(FileFormat.JSON, List.of(path), options.apply(ReadOptions.DEFAULT));
  }

  /** Files with one JSON object a line. */
  public Frame ndjson(String... paths) {
    return files(FileFormat.NDJSON, List.of(paths), ReadOptions.DEFAULT);
  }

  public Frame ndjson(String path, UnaryOperator<ReadOptions> options) {
    return files(FileFormat.NDJSON, List.of(path), options.apply(ReadOptions.DEFAULT));
  }

  /** Arrow IPC files. Needs arrow-c-data and arrow-memory-unsafe on the class path. */
  public Frame arrow(String... paths) {
    return files(FileFormat.ARROW, List.of(paths), ReadOptions.DEFAULT);
  }

  /** Files of a format, by paths, globs or folders. */
  public Frame files(FileFormat format, List<String> paths, ReadOptions options) {
    var opened = engine.open(new FileScan(format, paths, options));
    return Frame.of(new Plan.Scan(new FileSource(String.join(", ", paths), opened)), engine);
  }

  // ---- rows in memory

  /** Records as a frame: a column for each component. */
  public <T extends Record> Frame rows(Class<T> type, List<T> records) {
    Batch batch = RecordBatch.of(type, records);
    return Frame.of(
        new Plan.Scan(new BatchSource(type.getSimpleName(), batch.schema(), List.of(batch))),
        engine);
  }

  /**
   * Records of a stream as a frame that can be run once, in bounded memory; the stream is closed
   * then. For appending to a dataset, or writing, what comes in.
   */
  public <T extends Record> Frame rows(Class<T> type, Stream<T> records) {
    return Frame.of(new Plan.Scan(StreamSource.of(type, records)), engine);
  }

  /** A result as a frame, to go on with. */
  public Frame rows(Rows rows) {
    return Frame.of(new Plan.Scan(new BatchSource("rows", rows.schema(), rows.batches())), engine);
  }

  // ---- SQL

  /**
   * A query in DuckDB's SQL, over files by path ({@code FROM 'data/*.parquet'}, read as {@link
   * #parquet}, {@link #csv} and the like do; a folder, {@code FROM 'data/'}, holds Parquet) and
   * registered frames by name. A value for each {@code ?}, in order.
   */
  public Frame sql(String text, @Nullable Object... parameters) {
    return sql(text, Parameters.of(parameters));
  }

  /** A query with a value for each {@code $name}. */
  public Frame sql(String text, Map<String, ?> parameters) {
    return sql(text, Parameters.of(parameters));
  }

  private Frame sql(String text, Parameters parameters) {
    return Frame.of(engine.sql(text, parameters, names), engine);
  }

  /** What the names of tables in SQL text stand for. */
  private final class Names implements Tables {
    @Override
    public Optional<Plan> table(String name) {
      return resolve(name);
    }

    @Override
    public Optional<Plan> table(String name, Version version) {
      return tables.containsKey(name)
          ? Tables.super.table(name, version)
          : ofLake(name, dataset -> dataset.at(version))
              .or(() -> Tables.super.table(name, version));
    }

    @Override
    public boolean isFunction(String name) {
      return RedisFunctions.isFunction(name);
    }

    @Override
    public Optional<Plan> function(TableArguments call) {
      return Optional.of(RedisFunctions.table(called(call.function()), call).plan());
    }
  }

  private Optional<Plan> resolve(String name) {
    Frame registered = tables.get(name);
    if (registered != null) {
      return Optional.of(registered.plan());
    }
    Optional<Plan> ofLake = ofLake(name, dataset -> dataset.frame());
    if (ofLake.isPresent()) {
      return ofLake;
    }
    Optional<FileFormat> format =
        name.contains("/") && Files.isDirectory(Path.of(name))
            ? Optional.of(FileFormat.PARQUET)
            : FileFormat.ofPath(name);
    return format.map(f -> files(f, List.of(name), ReadOptions.DEFAULT).plan());
  }

  private Optional<Plan> ofLake(String name, Function<Dataset, Frame> read) {
    return lake != null && Lake.isName(name)
        ? lake.find(name).map(read).map(Frame::plan)
        : Optional.empty();
  }

  /** Gives a frame a name in SQL; it takes the place of one that had the name. */
  public Tarn register(String name, Frame frame) {
    if (name.isBlank()) {
      throw new InvalidRequest("Cannot register a frame under an empty name. Choose one.");
    }
    tables.put(name, frame);
    return this;
  }

  /** A registered frame, or all rows of a dataset of the lake. */
  public Frame table(String name) {
    Frame frame = tables.get(name);
    if (frame != null) {
      return frame;
    }
    return (lake != null && Lake.isName(name) ? lake.find(name) : Optional.<Dataset>empty())
        .map(Dataset::frame)
        .orElseThrow(() -> noTable(name));
  }

  private InvalidRequest noTable(String name) {
    var names = new ArrayList<>(tables.keySet());
    if (lake != null) {
      names.addAll(lake.datasets());
    }
    return new InvalidRequest(
        "Cannot find table %s: registered are %s.%s"
            .formatted(
                name,
                names.isEmpty() ? "none" : String.join(", ", names),
                UnknownColumn.nearest(name, names)
                    .map(nearest -> " Did you mean " + nearest + "?")
                    .orElse("")));
  }

  /** The registered frames by name. */
  public SortedMap<String, Frame> tables() {
    return new TreeMap<>(tables);
  }

  // ---- plans, progress, the engine

  /** How a frame would be run, as data; {@link Frame#explain()} prints it. */
  public QueryPlan plan(Frame frame) {
    return frame.engine().explain(frame.plan(), frame.options());
  }

  /** Runs a frame, drops its rows, and says how it went. */
  public QueryPlan analyze(Frame frame) {
    return frame.engine().explainAnalyze(frame.plan(), frame.options());
  }

  /** Tells a listener how far each query is, from now on. */
  public Tarn onProgress(Progress.Listener listener) {
    engine.onProgress(listener);
    return this;
  }

  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    try {
      engine.close();
    } finally {
      redis.forEach(Redis::close);
      if (lake != null) {
        lake.close();
      }
    }
  }
}
