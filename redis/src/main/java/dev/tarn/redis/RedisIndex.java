package dev.tarn.redis;

import dev.tarn.redis.scan.KeyType;
import java.util.List;
import java.util.Optional;

/**
 * A search index, as the server describes it.
 *
 * @param name what commands call it
 * @param keyType the keys that it follows: hashes or JSON documents; empty for an index of version
 *     1 of the search module, to which documents are added one by one
 * @param prefixes what keys begin with that it follows, or is empty for all; none where it follows
 *     no keys
 * @param conditional whether it leaves out documents by an expression
 * @param fields what is indexed
 * @param documents how many it has
 * @param indexing whether it still looks for keys that were there before it
 * @param failures documents that it could not take
 */
public record RedisIndex(
    String name,
    Optional<KeyType> keyType,
    List<String> prefixes,
    boolean conditional,
    List<IndexField> fields,
    long documents,
    boolean indexing,
    long failures) {

  public RedisIndex {
    prefixes = List.copyOf(prefixes);
    fields = List.copyOf(fields);
  }

  /** Whether it has all the documents that it should have. */
  public boolean isComplete() {
    return !indexing && failures == 0 && !conditional;
  }

  /** Whether it takes up keys by itself. */
  public boolean followsKeys() {
    return keyType.isPresent();
  }
}
