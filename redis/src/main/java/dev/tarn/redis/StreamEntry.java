package dev.tarn.redis;

import java.util.List;

/**
 * An entry of a stream.
 *
 * @param id two numbers, {@code 5-1}
 * @param fields name and value in turn, as they are; nobody may change them
 */
public record StreamEntry(String id, List<byte[]> fields) {

  public StreamEntry {
    fields = List.copyOf(fields);
  }

  /** About how much memory it takes. */
  public long bytes() {
    return 100 + fields.stream().mapToLong(part -> part.length + 24L).sum();
  }
}
