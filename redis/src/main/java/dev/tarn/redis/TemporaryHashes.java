package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.bench.Filler;
import dev.tarn.redis.wire.Servers;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.UUID;

/**
 * Hashes to measure with, under a prefix that nobody else has. They are removed when this is
 * closed, and expire after an hour where that does not happen.
 */
public final class TemporaryHashes implements AutoCloseable {

  private static final int MOST_FIELDS = 1000;

  private final Filler filler;
  private final String prefix;
  private final long count;
  private final int fields;

  private TemporaryHashes(Filler filler, String prefix, long count, int fields) {
    this.filler = filler;
    this.prefix = prefix;
    this.count = count;
    this.fields = fields;
  }

  static TemporaryHashes write(Servers servers, long count, int fields) {
    if (count < 1 || fields < 1 || fields > MOST_FIELDS) {
      throw new InvalidRequest(
          "Cannot write %d hashes of %d fields. Give 1 or more, of 1 to %d fields."
              .formatted(count, fields, MOST_FIELDS));
    }
    String prefix = "tarn-bench-%s:".formatted(UUID.randomUUID());
    var hashes = new TemporaryHashes(new Filler(servers, prefix), prefix, count, fields);
    try {
      hashes.filler.fill(count, fields);
      return hashes;
    } catch (RuntimeException e) {
      hashes.closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Which keys they are. */
  public String pattern() {
    return prefix + "*";
  }

  /** Their columns: f0, f1, …, of text, whole numbers and decimals in turn. */
  public Schema schema() {
    return new Schema(
        Filler.columns(fields).entrySet().stream()
            .map(e -> new Field(e.getKey(), e.getValue()))
            .toList());
  }

  @Override
  public void close() {
    filler.clear(count);
  }
}
