package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;

import dev.tarn.lake.iceberg.EntryValues.Numeric;
import dev.tarn.lake.iceberg.EntryValues.Range;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest from its blocks straight into packed arrays. Iceberg's reader makes objects and
 * maps of each entry, which takes seconds in a process that has just started.
 */
final class ManifestDecoder {

  private static final int ADDED = 1;
  private static final int DELETED = 2;

  private final ManifestFile manifest;
  private final EntryValues entry = new EntryValues();
  private final PackedFiles.Builder files;
  private final BoundsBuilder bounds;
  private final AvroCursor in = new AvroCursor();
  private long position;
  private long nextRow;
  private byte[] formatName = new byte[0];
  private FileFormat format = FileFormat.PARQUET;

  private ManifestDecoder(ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    this.manifest = manifest;
    this.files = new PackedFiles.Builder(manifest);
    this.bounds = new BoundsBuilder(table, columns);
    Long firstRow = manifest.firstRowId();
    this.nextRow = firstRow == null ? 0 : firstRow;
  }

  /**
   * The content of a manifest; null where only Iceberg's reader knows how to read it.
   *
   * @param columns whose statistics to keep; null for all
   */
  static @Nullable ManifestContent read(
      ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    if (manifest.keyMetadata() != null || !manifest.path().endsWith(".avro")) {
      return null;
    }
    byte[] bytes = bytes(manifest, table);
    try (DataFileStream<Object> blocks = blocks(bytes)) {
      var decoder = new ManifestDecoder(manifest, table, columns);
      if (!decoder.read(blocks, table)) {
        return null;
      }
      decoder.requireAllEntries(bytes.length);
      return decoder.content(columns);
    } catch (AvroCursor.DamagedManifest | AvroRuntimeException | IOException e) {
      throw damaged(manifest, e);
    }
  }

  private static DataFileStream<Object> blocks(byte[] bytes) throws IOException {
    try {
      return new DataFileStream<>(new ByteArrayInputStream(bytes), new GenericDatumReader<>());
    } catch (RuntimeException e) { // Avro trusts what a header says of itself
      throw AvroCursor.damaged("its header is none: " + e.getMessage());
    }
  }

  private static UncheckedIOException damaged(ManifestFile manifest, Exception e) {
    String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
    return new UncheckedIOException(
        new IOException("its manifest %s is damaged (%s)".formatted(manifest.path(), why), e));
  }

  private static byte[] bytes(ManifestFile manifest, Table table) {
    try (SeekableInputStream stream = table.io().newInputFile(manifest).newStream()) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(
              "its manifest %s cannot be read (%s)".formatted(manifest.path(), e.getMessage()), e));
    }
  }

  /**
   * Avro takes a file that is cut off within a block for one that ends before it. The length that
   * the list of manifests has can be that of the file before paths in it were rewritten, and only
   * counts where there is nothing better.
   */
  private void requireAllEntries(int length) throws IOException {
    Integer added = manifest.addedFilesCount();
    Integer existing = manifest.existingFilesCount();
    Integer deleted = manifest.deletedFilesCount();
    if (added == null || existing == null || deleted == null || added < 0) {
      if (length < manifest.length()) {
        throw AvroCursor.damaged("it has %d bytes of %d".formatted(length, manifest.length()));
      }
    } else if (position != (long) added + existing + deleted) {
      throw AvroCursor.damaged(
          "it has %d entries of %d".formatted(position, (long) added + existing + deleted));
    }
  }

  private boolean read(DataFileStream<Object> blocks, Table table) throws IOException {
    EntryLayout layout = EntryLayout.of(blocks.getSchema(), entry, bounds);
    if (layout == null) {
      return false;
    }
    var partitions =
        new PartitionDecoder(
            requireNonNull(table.specs().get(manifest.partitionSpecId())),
            layout.partition(),
            files);
    while (blocks.hasNext()) {
      long entries = blocks.getBlockCount();
      in.over(blocks.nextBlock());
      for (; entries > 0; entries--) {
        layout.read(in, files.size());
        take(partitions);
      }
      if (!in.isAtEnd()) {
        throw AvroCursor.damaged("a block goes on after its last entry");
      }
    }
    return true;
  }

  private void take(PartitionDecoder partitions) throws IOException {
    if (entry.required(Numeric.STATUS) == DELETED) {
      bounds.reach(files.size());
    } else {
      check();
      inherit();
      if (entry.has(Range.SPLITS)) {
        splits();
      }
      files.add(entry, in.bytes(), format(), partitions.partition(entry, in.bytes()), position);
    }
    position++;
  }

  private void check() {
    entry.require(Range.PATH);
    entry.require(Range.FORMAT);
    entry.required(Numeric.BYTES);
    entry.required(Numeric.RECORDS);
    long content = entry.get(Numeric.CONTENT);
    if (content != PackedLongs.NONE && content != 0) {
      throw AvroCursor.damaged("an entry is not that of a data file");
    }
  }

  /** What an entry that was written with its manifest leaves to it. */
  private void inherit() {
    boolean inherits = manifest.sequenceNumber() == 0 || entry.required(Numeric.STATUS) == ADDED;
    for (Numeric sequence : new Numeric[] {Numeric.SEQUENCE, Numeric.FILE_SEQUENCE}) {
      if (inherits && entry.get(sequence) == PackedLongs.NONE) {
        entry.set(sequence, manifest.sequenceNumber());
      }
    }
    if (manifest.firstRowId() == null) {
      entry.set(Numeric.FIRST_ROW, PackedLongs.NONE);
    } else if (entry.get(Numeric.FIRST_ROW) == PackedLongs.NONE) {
      entry.set(Numeric.FIRST_ROW, nextRow);
      nextRow += entry.get(Numeric.RECORDS);
    }
  }

  private void splits() {
    var offsets = new ArrayList<Long>();
    var list = in.within(entry.from(Range.SPLITS), entry.length(Range.SPLITS));
    for (long items = list.items(); items != 0; items = list.items()) {
      for (; items > 0; items--) {
        offsets.add(list.number());
      }
    }
    files.splits(offsets);
  }

  private FileFormat format() throws IOException {
    byte[] bytes = in.bytes();
    int from = entry.from(Range.FORMAT);
    int to = from + entry.length(Range.FORMAT);
    if (!Arrays.equals(bytes, from, to, formatName, 0, formatName.length)) {
      formatName = Arrays.copyOfRange(bytes, from, to);
      format = format(new String(formatName, StandardCharsets.UTF_8));
    }
    return format;
  }

  private static FileFormat format(String name) throws IOException {
    try {
      return FileFormat.fromString(name);
    } catch (IllegalArgumentException e) {
      throw AvroCursor.damaged("no file format is called '%s'".formatted(name));
    }
  }

  private ManifestContent content(@Nullable Set<Integer> columns) {
    return new ManifestContent(files.build(), bounds.build(files.size()), columns);
  }
}
