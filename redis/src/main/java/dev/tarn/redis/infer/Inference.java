package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.InferredSchema;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.search.FoundKeys;
import dev.tarn.redis.search.Searched;
import dev.tarn.redis.wire.Servers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds out what columns keys have, from a sample of them. */
public final class Inference {

  /** The same keys at every run over the same data, as far as the server allows. */
  private static final long SEED = 42;

  private final Servers servers;
  private final KeyPattern pattern;
  private final ScanOptions options;

  public Inference(Servers servers, KeyPattern pattern, ScanOptions options) {
    this.servers = servers;
    this.pattern = pattern;
    this.options = options;
  }

  /**
   * What keys of one type have.
   *
   * @throws InvalidRequest when there are none
   */
  public InferredSchema of(KeyType type) {
    KeySample keys = sample(Optional.of(type.server()));
    InferredSchema schema = columns(type, keys, "redis %s %s".formatted(type.plural(), pattern));
    if (schema.sampled() == 0) {
      throw new InvalidRequest(
          "Cannot find out the columns of %s %s: no such key is there. Check the pattern, or give the schema. [%s]"
              .formatted(type.plural(), pattern, servers.name()));
    }
    return schema;
  }

  /**
   * What the keys have that a search found.
   *
   * @throws InvalidRequest when there are none
   */
  public InferredSchema ofFound(Searched search, FoundKeys found) {
    InferredSchema schema =
        columns(
            search.keyType(),
            new KeySample(Map.of(found.node(), found.keys()), found.all()),
            "redis search %s %s".formatted(search.index().name(), search.query()));
    if (schema.sampled() == 0) {
      throw new InvalidRequest(
          "Cannot find out the columns of what %s finds in %s: it finds nothing. Check the query, or give the schema. [%s]"
              .formatted(search.query(), search.index().name(), servers.name()));
    }
    return schema;
  }

  /** What keys of the type have that most of the keys are of. */
  public InferredSchema ofMost() {
    KeyType type = mostCommonType();
    if (!type.hasOwnColumns()) {
      throw new InvalidRequest(
          "Cannot find out the columns of %s: its keys are %s, whose columns are always the same. Read them as such."
              .formatted(pattern, type.plural()));
    }
    return of(type);
  }

  /**
   * The type that most of the keys are of.
   *
   * @throws InvalidRequest when there are no keys
   */
  public KeyType mostCommonType() {
    KeySample keys = sample(Optional.empty());
    var counts = new HashMap<String, Long>();
    new ValueSampler(servers, keys).types(name -> counts.merge(name, 1L, Long::sum));
    counts.remove("none");
    String most =
        counts.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElseThrow(() ->
                new InvalidRequest(
                    "Cannot find out the columns of %s: no key matches. Check the pattern. [%s]"
                        .formatted(pattern, servers.name())));
    return Arrays.stream(KeyType.values())
        .filter(t -> t.server().equals(most))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequest(
                "Cannot find out the columns of %s: most of its keys are of type %s, which is not known. Choose another pattern."
                    .formatted(pattern, most)));
  }

  private KeySample sample(Optional<String> type) {
    return new KeySampler(pattern, type, options.sample(), SEED).sample(servers);
  }

  private InferredSchema columns(KeyType type, KeySample keys, String source) {
    var values = new ValueSampler(servers, keys);
    var columns = new ColumnList(keys.whole(), options);
    switch (type) {
      case HASH ->
          values.hashes(fields -> {
            columns.key();
            for (int i = 0; i + 1 < fields.size(); i += 2) {
              columns.field(fields.get(i), fields.get(i + 1));
            }
          });
      case STRING ->
          values.strings(value -> {
            columns.key();
            columns.field("value".getBytes(UTF_8), value);
          });
      case JSON -> values.documents(columns::document);
      case SET, LIST, SORTED_SET, STREAM, TIME_SERIES ->
          throw new IllegalStateException(type.plural());
    }
    return columns.schema(source);
  }
}
