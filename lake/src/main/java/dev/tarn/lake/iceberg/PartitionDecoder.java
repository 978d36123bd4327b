package dev.tarn.lake.iceberg;

import dev.tarn.lake.iceberg.EntryValues.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.avro.InternalReader;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the partitions of entries. Files of one partition have the same bytes there, so each of
 * them is decoded once, by Iceberg, which knows all types and which of them were widened.
 */
final class PartitionDecoder {

  private final PackedFiles.Builder files;
  private final @Nullable InternalReader<PartitionData> reader;
  private final PartitionData empty;
  private final Map<ByteBuffer, Integer> known = new HashMap<>();
  private byte[] last = new byte[0];
  private int lastPartition = -1;

  /**
   * @param spec the manifest's
   * @param written how partitions are written; null where they are not
   */
  PartitionDecoder(PartitionSpec spec, @Nullable Schema written, PackedFiles.Builder files) {
    this.files = files;
    Types.StructType type = spec.rawPartitionType();
    this.empty = new PartitionData(type);
    this.reader = written == null || type.fields().isEmpty() ? null : reader(type, written);
  }

  private static InternalReader<PartitionData> reader(Types.StructType type, Schema written) {
    InternalReader<PartitionData> reader =
        InternalReader.<PartitionData>create(new org.apache.iceberg.Schema(type.fields()))
            .setRootType(PartitionData.class);
    reader.setSchema(written);
    return reader;
  }

  /** The position of an entry's partition. */
  int partition(EntryValues entry, byte[] bytes) throws IOException {
    if (reader == null) {
      lastPartition = lastPartition < 0 ? files.addPartition(empty) : lastPartition;
      return lastPartition;
    }
    entry.require(Range.PARTITION);
    int from = entry.from(Range.PARTITION);
    int to = from + entry.length(Range.PARTITION);
    if (lastPartition < 0 || !Arrays.equals(bytes, from, to, last, 0, last.length)) {
      last = Arrays.copyOfRange(bytes, from, to);
      Integer seen = known.get(ByteBuffer.wrap(last));
      lastPartition = seen == null ? decode(reader) : seen;
      known.put(ByteBuffer.wrap(last), lastPartition);
    }
    return lastPartition;
  }

  /** Into one object, which is copied: to make another takes Iceberg hundreds of times as long. */
  private int decode(InternalReader<PartitionData> partitions) throws IOException {
    empty.clear();
    try {
      PartitionData partition =
          partitions.read(empty, DecoderFactory.get().binaryDecoder(last, null));
      return files.addPartition(partition.copy());
    } catch (RuntimeException e) { // Iceberg trusts the bytes: an index of a union, a length
      throw AvroCursor.damaged("a partition is none: " + e.getMessage());
    }
  }
}
