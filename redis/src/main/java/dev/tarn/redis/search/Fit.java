package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanSpec;
import java.util.Arrays;
import java.util.Optional;

/** Which indexes have the keys of a table, as far as they say. */
record Fit(ScanSpec spec) {

  /** Why an index may not have all of them; empty for one that has. */
  String unusable(RedisIndex index) {
    if (index.followsKeys()) {
      if (!index.keyType().equals(Optional.of(spec.type()))) {
        return "is of no " + spec.type().plural();
      }
      if (!covers(index)) {
        return "does not cover " + spec.pattern();
      }
    } else if (spec.type() != KeyType.HASH) {
      return "is of no " + spec.type().plural();
    }
    if (index.indexing()) {
      return "is not ready yet";
    }
    if (index.failures() != 0) {
      return "could not take %,d documents".formatted(index.failures());
    }
    return index.conditional() ? "leaves out documents by an expression" : "";
  }

  private boolean covers(RedisIndex index) {
    byte[] pattern = spec.pattern().prefix();
    return index.prefixes().stream()
        .map(prefix -> prefix.getBytes(UTF_8))
        .anyMatch(prefix ->
            prefix.length <= pattern.length
                && Arrays.equals(prefix, 0, prefix.length, pattern, 0, prefix.length));
  }

  /** Whether an index follows the keys of the pattern and no others. */
  boolean isExact(RedisIndex index) {
    return spec.pattern().isPrefix() && index.prefixes().size() == 1 && hasPrefix(index);
  }

  /** Whether one of its prefixes is the pattern's. */
  boolean hasPrefix(RedisIndex index) {
    return index.prefixes().stream()
        .anyMatch(prefix -> Arrays.equals(prefix.getBytes(UTF_8), spec.pattern().prefix()));
  }
}
