package dev.tarn.redis.search;

import dev.tarn.redis.RedisIndex;
import java.util.List;

/**
 * What is known of a server's indexes.
 *
 * @param module which version of the search module it has
 * @param indexes all of version 2; those that were asked for by name of version 1, which does not
 *     list them
 * @param generation as of which that holds, of version 1; else not known
 */
record Catalog(Module module, List<RedisIndex> indexes, String generation) {

  /** Versions that answer differently. */
  enum Module {
    NONE,
    /** 1.x: it does not list its indexes, and they follow no keys. */
    OLD,
    /** 2.x and later. */
    NEW
  }

  Catalog {
    indexes = List.copyOf(indexes);
  }

  Catalog(Module module, List<RedisIndex> indexes) {
    this(module, indexes, Generation.UNKNOWN);
  }
}
