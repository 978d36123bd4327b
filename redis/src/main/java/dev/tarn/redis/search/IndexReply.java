package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.VectorOptions;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.Replies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** What {@code FT.INFO} answers, of versions 1 and 2 of the search module, in both protocols. */
final class IndexReply {

  private IndexReply() {}

  static RedisIndex parse(String name, @Nullable Object reply) {
    Map<String, Object> info = Replies.map(reply);
    Map<String, Object> definition = Replies.map(info.get("index_definition"));
    var fields = new ArrayList<IndexField>();
    Object attributes = info.getOrDefault("attributes", info.get("fields"));
    for (Object attribute : Replies.all(attributes)) {
      fields.add(field(Replies.all(attribute), definition.isEmpty()));
    }
    return new RedisIndex(
        name,
        keyType(definition),
        Replies.texts(definition.get("prefixes")),
        isConditional(definition),
        fields,
        Replies.count(info.get("num_docs")),
        isIndexing(info),
        failures(info));
  }

  private static Optional<KeyType> keyType(Map<String, Object> definition) {
    return switch (Replies.text(definition.get("key_type")).toUpperCase(Locale.ROOT)) {
      case "HASH" -> Optional.of(KeyType.HASH);
      case "JSON" -> Optional.of(KeyType.JSON);
      default -> Optional.empty();
    };
  }

  private static boolean isConditional(Map<String, Object> definition) {
    return !Replies.text(definition.get("filter")).isEmpty();
  }

  private static boolean isIndexing(Map<String, Object> info) {
    return Replies.count(info.getOrDefault("indexing", 0L)) != 0
        || (info.containsKey("percent_indexed")
            && !List.of("1", "1.0").contains(Replies.text(info.get("percent_indexed"))));
  }

  /** Of the hashes, or documents, as a whole, and of each field where that is said. */
  private static long failures(Map<String, Object> info) {
    long own = Replies.count(info.getOrDefault("hash_indexing_failures", 0L));
    Map<String, Object> errors = Replies.map(info.get("index errors"));
    return Math.max(Math.max(0, own), Replies.count(errors.getOrDefault("indexing failures", 0L)));
  }

  // ---- fields: names, values and flags in turn; in RESP3 a map with a list of flags

  private static IndexField field(Collection<?> parts, boolean old) {
    var values = new java.util.LinkedHashMap<String, String>();
    Set<String> flags = new HashSet<>();
    boolean pairs = parts.stream().anyMatch(KeyValue.class::isInstance);
    if (pairs) {
      Replies.map(parts).forEach((key, value) -> values.put(key, Replies.text(value)));
      Replies.texts(Replies.map(parts).get("flags")).forEach(flag -> flags.add(upper(flag)));
    } else {
      flat(Replies.texts(parts), old, values, flags);
    }
    String name = values.getOrDefault("attribute", values.getOrDefault("identifier", "?"));
    String separator = values.getOrDefault("separator", "");
    return new IndexField(
        name,
        values.getOrDefault("identifier", name),
        type(values),
        separator.isEmpty() ? Optional.empty() : Optional.of(separator.charAt(0)),
        flags.contains("CASESENSITIVE"),
        flags.contains("SORTABLE"),
        !flags.contains("NOINDEX"),
        vectors(values));
  }

  private static void flat(
      List<String> words, boolean old, Map<String, String> values, Set<String> flags) {
    int at = 0;
    if (old && !words.isEmpty()) {
      values.put("attribute", words.getFirst());
      values.put("identifier", words.getFirst());
      at = 1;
    }
    for (; at < words.size(); at++) {
      String word = words.get(at);
      switch (word.toLowerCase(Locale.ROOT)) {
        case "identifier",
            "attribute",
            "type",
            "separator",
            "weight",
            "phonetic",
            "algorithm",
            "data_type",
            "dim",
            "distance_metric",
            "m",
            "ef_construction" -> {
          at++;
          values.putIfAbsent(word.toLowerCase(Locale.ROOT), at < words.size() ? words.get(at) : "");
        }
        default -> flags.add(upper(word));
      }
    }
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  /** Vectors of numbers that are not known here are of no type that is. */
  private static IndexField.Type type(Map<String, String> values) {
    var type = known(IndexField.Type.class, values.get("type")).orElse(IndexField.Type.OTHER);
    boolean told = type == IndexField.Type.VECTOR && values.containsKey("data_type");
    return told && known(VectorOptions.Precision.class, values.get("data_type")).isEmpty()
        ? IndexField.Type.OTHER
        : type;
  }

  /** Empty where one of them is not told, or not known here. */
  private static Optional<VectorOptions> vectors(Map<String, String> values) {
    if (type(values) != IndexField.Type.VECTOR) {
      return Optional.empty();
    }
    int dimensions = (int) Replies.count(values.getOrDefault("dim", "").getBytes(UTF_8));
    return known(VectorOptions.Algorithm.class, values.get("algorithm"))
        .flatMap(algorithm ->
            known(VectorOptions.Precision.class, values.get("data_type"))
                .flatMap(precision ->
                    known(VectorOptions.Metric.class, values.get("distance_metric"))
                        .filter(metric -> dimensions > 0)
                        .map(metric ->
                            new VectorOptions(algorithm, precision, dimensions, metric))));
  }

  private static <E extends Enum<E>> Optional<E> known(Class<E> all, @Nullable String name) {
    return Arrays.stream(all.getEnumConstants())
        .filter(one -> one.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
