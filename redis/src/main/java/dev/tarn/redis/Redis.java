package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.plan.Plan;
import dev.tarn.redis.infer.Advisor;
import dev.tarn.redis.infer.Inference;
import dev.tarn.redis.infer.QueryAdvisor;
import dev.tarn.redis.infer.ServerFacts;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.RedisSource;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.scan.Tables;
import dev.tarn.redis.search.IndexAdmin;
import dev.tarn.redis.search.Indexes;
import dev.tarn.redis.search.Searched;
import dev.tarn.redis.wire.RedisUrl;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.write.FrameStore;
import dev.tarn.redis.write.TimeToLive;
import dev.tarn.redis.write.ValueKind;
import dev.tarn.spi.Engine;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Live Redis data as frames. A frame reads nothing until it is run, and reads anew each time.
 *
 * <p>Opening takes no connection; each scan opens what it needs, and those that are whole when it
 * ends are kept for the next one, for ten seconds. Safe for use by several threads; whoever opened
 * it closes it.
 */
public final class Redis implements AutoCloseable {

  private final Servers servers;
  private final Engine engine;
  private final FrameStore store;
  private final Indexes indexes;

  private Redis(Servers servers, int database, Engine engine) {
    this.servers = servers;
    this.engine = engine;
    this.indexes = new Indexes(servers, database);
    this.store = new FrameStore(servers, engine);
  }

  /** Opens the servers of a URL; nothing is sent yet. */
  public static Redis open(String url, Engine engine) {
    return open(url, options -> options, engine);
  }

  /**
   * Opens the servers of a URL; nothing is sent yet.
   *
   * @param options what to change of what the URL says
   */
  public static Redis open(String url, UnaryOperator<RedisOptions> options, Engine engine) {
    RedisUrl parsed = RedisUrl.parse(url);
    RedisUrl chosen = parsed.with(options.apply(parsed.options()));
    return new Redis(Servers.open(chosen), chosen.options().database(), engine);
  }

  /** Hashes: a row each, a column for each field of the schema. */
  public Frame hashes(String pattern, Schema schema) {
    return hashes(pattern, schema, o -> o);
  }

  public Frame hashes(String pattern, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.HASH, pattern, schema, options);
  }

  /** Strings: a row each, {@code _key VARCHAR} and {@code value} of the type. */
  public Frame strings(String pattern, DataType type) {
    return strings(pattern, type, o -> o);
  }

  public Frame strings(String pattern, DataType type, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.STRING, pattern, Schema.of("value", type), options);
  }

  /**
   * JSON documents: a row each, {@code _key VARCHAR} and a column for each member of the schema.
   *
   * <p>Lists, structs, maps and JSON take what the document has there; other types take texts,
   * numbers and booleans. A member that is not there, or is null, is null.
   */
  public Frame json(String pattern, Schema schema) {
    return json(pattern, schema, o -> o);
  }

  /** As {@link #json(String, Schema)}, with options. */
  public Frame json(String pattern, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.JSON, pattern, schema, options);
  }

  /** Sets: a row for each member, {@code _key VARCHAR} and {@code member VARCHAR}. */
  public Frame sets(String pattern) {
    return sets(pattern, DataType.VARCHAR);
  }

  /** Sets, their {@code member} of a type. */
  public Frame sets(String pattern, DataType member) {
    return sets(pattern, member, o -> o);
  }

  /**
   * Sets, their {@code member} of a type, with options.
   *
   * <p>A member that stays while its set changes comes once, for which a large set takes 16 bytes a
   * member while it is read, unless duplicates are allowed.
   */
  public Frame sets(String pattern, DataType member, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.SET, pattern, Schema.of("member", member), options);
  }

  /**
   * Lists: a row for each element, {@code _key VARCHAR}, {@code position BIGINT} from 0 and {@code
   * value VARCHAR}.
   */
  public Frame lists(String pattern) {
    return lists(pattern, DataType.VARCHAR);
  }

  /** Lists, their {@code value} of a type. */
  public Frame lists(String pattern, DataType value) {
    return lists(pattern, value, o -> o);
  }

  /**
   * Lists, their {@code value} of a type, with options.
   *
   * <p>A large list is read page by page; when it is pushed to or popped from at its head
   * meanwhile, elements can come twice or not at all, for Redis knows them by their position alone.
   */
  public Frame lists(String pattern, DataType value, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.LIST, pattern, Schema.of("value", value), options);
  }

  /**
   * Sorted sets: a row for each member, {@code _key VARCHAR}, {@code member VARCHAR}, {@code score
   * DOUBLE} and {@code rank BIGINT} by score from 0.
   */
  public Frame sortedSets(String pattern) {
    return sortedSets(pattern, DataType.VARCHAR);
  }

  /** Sorted sets, their {@code member} of a type. */
  public Frame sortedSets(String pattern, DataType member) {
    return sortedSets(pattern, member, o -> o);
  }

  /**
   * Sorted sets, their {@code member} of a type, with options.
   *
   * <p>A member that stays while its set changes comes once. Where the query needs ranks, or only
   * some scores, a large set is read in its order, and a member whose own score changes meanwhile
   * may be passed over.
   */
  public Frame sortedSets(String pattern, DataType member, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.SORTED_SET, pattern, Schema.of("member", member), options);
  }

  /**
   * Streams: a row for each entry, {@code _key VARCHAR}, {@code id VARCHAR}, {@code time
   * TIMESTAMPTZ} of the id's milliseconds, and {@code fields MAP(VARCHAR, VARCHAR)}.
   */
  public Frame streams(String pattern) {
    return streams(pattern, o -> o);
  }

  /** As {@link #streams(String)}, with options. */
  public Frame streams(String pattern, UnaryOperator<ScanOptions> options) {
    return streams(pattern, new Schema(List.of(Tables.ALL_FIELDS)), options);
  }

  /**
   * Streams: a row for each entry, {@code _key VARCHAR}, {@code id VARCHAR}, {@code time
   * TIMESTAMPTZ}, and a column for each field of the schema; {@code fields MAP(VARCHAR, VARCHAR)}
   * is all of them. Where a field is called id or time, the entry's own column is {@code _id} or
   * {@code _time}.
   */
  public Frame streams(String pattern, Schema schema) {
    return streams(pattern, schema, o -> o);
  }

  /** As {@link #streams(String, Schema)}, with options. */
  public Frame streams(String pattern, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(KeyType.STREAM, pattern, schema, options);
  }

  /**
   * Time series: a row for each sample, {@code _key VARCHAR}, {@code time TIMESTAMPTZ} and {@code
   * value DOUBLE}.
   */
  public Frame timeSeries(String pattern) {
    return timeSeries(pattern, Samples.ALL);
  }

  /**
   * Time series: a row for each sample, or for each bucket of them, {@code _key VARCHAR}, {@code
   * time TIMESTAMPTZ}, {@code value DOUBLE}, and the labels VARCHAR. Where a label is called time
   * or value, the sample's own column is {@code _time} or {@code _value}.
   */
  public Frame timeSeries(String pattern, Samples samples) {
    return timeSeries(pattern, samples, o -> o);
  }

  /** As {@link #timeSeries(String, Samples)}, with options. */
  public Frame timeSeries(String pattern, Samples samples, UnaryOperator<ScanOptions> options) {
    return timeSeries(pattern, new Schema(List.of()), samples, options);
  }

  /**
   * As {@link #timeSeries(String, Samples)}, with options.
   *
   * @param labels as columns of these types, before the labels of the samples
   */
  public Frame timeSeries(
      String pattern, Schema labels, Samples samples, UnaryOperator<ScanOptions> options) {
    ScanOptions all = options.apply(ScanOptions.DEFAULT);
    return frame(Tables.of(KeyPattern.of(pattern), labels, samples, all));
  }

  /** Hashes, with the columns that a sample of them has. */
  public Frame hashes(String pattern) {
    return hashes(pattern, o -> o);
  }

  /** Hashes, with the columns that a sample of {@link ScanOptions#sample} has. */
  public Frame hashes(String pattern, UnaryOperator<ScanOptions> options) {
    return hashes(pattern, inferred(KeyType.HASH, pattern, options).schema(), options);
  }

  /** Strings, of the type that a sample of them is of. */
  public Frame strings(String pattern) {
    return strings(pattern, o -> o);
  }

  /** Strings, of the type that a sample of {@link ScanOptions#sample} is of. */
  public Frame strings(String pattern, UnaryOperator<ScanOptions> options) {
    DataType type = inferred(KeyType.STRING, pattern, options).columns().getFirst().type();
    return strings(pattern, type, options);
  }

  /** JSON documents, with the columns that a sample of them has. */
  public Frame json(String pattern) {
    return json(pattern, o -> o);
  }

  /** JSON documents, with the columns that a sample of {@link ScanOptions#sample} has. */
  public Frame json(String pattern, UnaryOperator<ScanOptions> options) {
    return json(pattern, inferred(KeyType.JSON, pattern, options).schema(), options);
  }

  // ---- what there is

  /**
   * What columns keys have, by a sample of 1,000 of them: hashes, JSON documents or strings,
   * whichever are most.
   *
   * @throws dev.tarn.error.InvalidRequest when no key matches, or keys have no columns of their own
   */
  public InferredSchema inferSchema(String pattern) {
    return inferSchema(pattern, o -> o);
  }

  /** What columns keys have, by a sample of {@link ScanOptions#sample} of them. */
  public InferredSchema inferSchema(String pattern, UnaryOperator<ScanOptions> options) {
    return inference(pattern, options).ofMost();
  }

  /** What columns keys of one type have. */
  public InferredSchema inferSchema(
      KeyType type, String pattern, UnaryOperator<ScanOptions> options) {
    return inferred(type, pattern, options);
  }

  /**
   * The type that most of the keys are of, by a sample of {@link ScanOptions#sample} of them.
   *
   * @throws dev.tarn.error.InvalidRequest when no key matches
   */
  public KeyType typeOf(String pattern, UnaryOperator<ScanOptions> options) {
    return inference(pattern, options).mostCommonType();
  }

  /**
   * What the servers say of themselves.
   *
   * @throws dev.tarn.error.Unavailable when they are out of reach
   */
  public ServerInfo serverInfo() {
    ServerFacts facts = ServerFacts.of(servers);
    return new ServerInfo(facts.version(), facts.servers(), facts.indexes().isPresent());
  }

  /**
   * How keys are best read from this server: batch size, connections, columns, memory, whether a
   * search index would pay. It measures by short scans, which take about a second and read only. Of
   * the type that most of the keys are of.
   *
   * @throws dev.tarn.error.InvalidRequest when no key matches, or most are of a type that cannot be
   *     read
   */
  public Advice advise(String pattern) {
    return new Advisor(servers, KeyPattern.of(pattern), ScanOptions.DEFAULT).advise();
  }

  /**
   * Which search indexes would help a query that reads these servers, with the calls that make
   * them. The query is not run; a sample of its keys is read.
   *
   * @throws dev.tarn.error.InvalidRequest when it reads no keys of these servers
   */
  public IndexAdvice advise(Frame query) {
    return new QueryAdvisor(servers, indexes, engine).advise(query);
  }

  /**
   * Writes hashes to measure with, which are removed when the result is closed.
   *
   * @throws dev.tarn.error.Unavailable when the server refuses
   */
  public TemporaryHashes temporaryHashes(long count, int fields) {
    return TemporaryHashes.write(servers, count, fields);
  }

  private InferredSchema inferred(
      KeyType type, String pattern, UnaryOperator<ScanOptions> options) {
    return inference(pattern, options).of(type);
  }

  private Inference inference(String pattern, UnaryOperator<ScanOptions> options) {
    return new Inference(servers, KeyPattern.of(pattern), options.apply(ScanOptions.DEFAULT));
  }

  /**
   * Keys of a type, with the columns they have: by a sample of hashes, JSON documents and strings;
   * those of the other types are always the same, with text for values.
   */
  public Frame scan(KeyType type, String pattern, UnaryOperator<ScanOptions> options) {
    return scan(
        type,
        pattern,
        type.hasOwnColumns() ? inferred(type, pattern, options).schema() : Tables.usual(type),
        options);
  }

  /**
   * Keys of a type.
   *
   * @param schema the columns of hashes, JSON documents and streams, {@code value} of strings and
   *     lists, {@code member} of sets and sorted sets
   */
  public Frame scan(
      KeyType type, String pattern, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(type, pattern, schema, options);
  }

  /** A table of keys of any type, as SQL text asks for it. */
  Frame table(
      KeyType type, String pattern, Optional<Schema> schema, UnaryOperator<ScanOptions> options) {
    return schema.isPresent()
        ? scan(type, pattern, schema.get(), options)
        : scan(type, pattern, options);
  }

  private Frame frame(
      KeyType type, String pattern, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(
        Tables.of(type, KeyPattern.of(pattern), schema, options.apply(ScanOptions.DEFAULT)));
  }

  private Frame frame(ScanSpec spec) {
    return Frame.of(new Plan.Scan(new RedisSource(servers, spec, indexes)), engine);
  }

  // ---- search

  /**
   * The rows that a query finds, with the columns that the first of them have, as {@link
   * #inferSchema(String)} finds them.
   *
   * @throws InvalidRequest when there is no such index, or it finds nothing
   */
  public Frame search(String index, String query) {
    return search(index, query, o -> o);
  }

  /** As {@link #search(String, String)}, with options. */
  public Frame search(String index, String query, UnaryOperator<ScanOptions> options) {
    Searched searched = searched(index, query);
    ScanOptions chosen = options.apply(ScanOptions.DEFAULT);
    Schema schema =
        new Inference(servers, KeyPattern.of("*"), chosen)
            .ofFound(searched, searched.first(indexes, chosen.sample()))
            .schema();
    return frame(searched.table(schema, chosen));
  }

  /**
   * The rows that a query finds, in the language of the index: a row for each hash or document. All
   * of them, in no order; where the server may have left some out, reading fails.
   *
   * @throws InvalidRequest when there is no such index
   */
  public Frame search(String index, String query, Schema schema) {
    return search(index, query, schema, o -> o);
  }

  /** As {@link #search(String, String, Schema)}, with options. */
  public Frame search(
      String index, String query, Schema schema, UnaryOperator<ScanOptions> options) {
    return frame(searched(index, query).table(schema, options.apply(ScanOptions.DEFAULT)));
  }

  private Searched searched(String index, String query) {
    RedisIndex found =
        index(index)
            .orElseThrow(() ->
                new InvalidRequest(
                    "Cannot search %s: there is no such index. Name one that is there. [%s]"
                        .formatted(index, servers.name())));
    if (servers.isCluster()) {
      throw new InvalidRequest(
          "Cannot search %s: it could not be known whether all servers of the cluster answered. Filter a frame of the keys."
              .formatted(index));
    }
    if (found.followsKeys() && indexes.database() != 0) {
      throw new InvalidRequest(
          "Cannot search %s: indexes are of database 0, and this is database %d. Open the other."
              .formatted(index, indexes.database()));
    }
    return new Searched(found, query);
  }

  /**
   * The search indexes that there are.
   *
   * @throws InvalidRequest when the server has no search module, or one of version 1, which does
   *     not list them
   */
  public List<RedisIndex> indexes() {
    return new IndexAdmin(indexes).all();
  }

  /**
   * A search index; empty when there is none of the name.
   *
   * @throws InvalidRequest when the server has no search module
   */
  public Optional<RedisIndex> index(String name) {
    return new IndexAdmin(indexes).find(name);
  }

  /**
   * Creates a search index of the keys that begin with a text: hashes, or JSON documents where
   * fields are paths. It takes up those that are there in the background.
   *
   * @throws InvalidRequest when the server does not do it
   */
  public void createIndex(String name, String prefix, IndexField... fields) {
    new IndexAdmin(indexes).create(name, List.of(prefix), List.of(fields));
  }

  /** Drops a search index. Its keys stay. */
  public void dropIndex(String name) {
    new IndexAdmin(indexes).drop(name, false);
  }

  /** Drops a search index, and deletes all keys that it has. */
  public void dropIndexAndKeys(String name) {
    new IndexAdmin(indexes).drop(name, true);
  }

  /**
   * An aggregate of the documents that a search index finds.
   *
   * @param query in the index' own language; {@code *} for all documents
   */
  public IndexAggregate aggregate(String index, String query) {
    return new IndexAggregate(
        columns -> frame(searched(index, query).tableOfFields(columns)), List.of());
  }

  /** A stream to be consumed; whoever opened it closes it. */
  public RedisStream stream(String key) {
    return new RedisStream(servers, key);
  }

  /**
   * The keys that a column of a frame names, to be looked at, deleted, renamed, or given an end.
   */
  public RedisKeys keys(Frame frame, String column) {
    return new RedisKeys(servers, frame, column);
  }

  // ---- frames kept in Redis

  /**
   * Keeps the rows of a frame in Redis under a name, in place of those kept under it before. Who
   * loads it gets the old or the new, also when this is killed.
   *
   * @param ttl how long it is kept: a millisecond or more, and no more than some 73 million years
   * @throws InvalidRequest when a column has a type, of a union say, that could not be loaded as it
   *     is
   */
  public void store(String name, Frame frame, Duration ttl) {
    TimeToLive.require(ttl, "keep frame %s in Redis for".formatted(name));
    store.store(name, frame, ttl);
  }

  /**
   * The rows that are kept under a name, as they are now; empty where there are none. They are
   * loaded here, and checked; the frame reads a file that is there until this is closed.
   *
   * @throws dev.tarn.error.BadData when a part is missing or was changed
   */
  public Optional<Frame> load(String name) {
    return store.load(name);
  }

  // ---- writing

  /** Hashes to write to, each with a field for each column. */
  public RedisSink toHashes(String prefix) {
    return RedisSink.of(servers, ValueKind.HASH, prefix);
  }

  /** JSON documents to write to, each an object of the columns. Takes the server's JSON module. */
  public RedisSink toJson(String prefix) {
    return RedisSink.of(servers, ValueKind.JSON, prefix);
  }

  /** Strings to write a column to. */
  public RedisSink toStrings(String prefix) {
    return RedisSink.of(servers, ValueKind.STRING, prefix);
  }

  /** Sets to write a column to: rows of the same key are members of its set. */
  public RedisSink toSets(String prefix) {
    return RedisSink.of(servers, ValueKind.SET, prefix);
  }

  /** Lists to write a column to: rows of the same key are elements of its list, in their order. */
  public RedisSink toLists(String prefix) {
    return RedisSink.of(servers, ValueKind.LIST, prefix);
  }

  /** Sorted sets to write a column to, with a score. */
  public RedisSink toSortedSets(String prefix) {
    return RedisSink.of(servers, ValueKind.SORTED_SET, prefix);
  }

  /** Streams to write to: rows of the same key are entries of its stream, in their order. */
  public RedisSink toStreams(String prefix) {
    return RedisSink.of(servers, ValueKind.STREAM, prefix);
  }

  /** What it is connected to, without secrets. */
  @Override
  public String toString() {
    return servers.name();
  }

  @Override
  public void close() {
    store.close();
    servers.close();
  }
}
