package dev.tarn.io;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Sink;
import dev.tarn.spi.WriteResult;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A file or folder to write to; immutable, each method returns a new one. It is published whole or
 * not at all: whoever reads the target sees what was there before, or all of the new.
 *
 * @param path a file when it ends in the format's own suffix, else a folder of files
 * @param partitionedBy columns whose values name folders, {@code column=value}, and leave the files
 * @param fileBytes about the size at which a new file begins; empty for one file a thread
 * @param rowGroupRows Parquet: rows in a row group
 */
public record FileSink(
    FileFormat format,
    String path,
    List<String> partitionedBy,
    List<SortKey> sortedBy,
    Optional<Codec> codec,
    OptionalInt level,
    OptionalLong fileBytes,
    OptionalLong rowGroupRows,
    IfExists ifExists)
    implements Sink {

  /** What to do when something is at the target already. */
  public enum IfExists {
    FAIL,
    /** It is exchanged for the new in one step. */
    REPLACE
  }

  public FileSink {
    partitionedBy = List.copyOf(partitionedBy);
    sortedBy = List.copyOf(sortedBy);
    if (format == FileFormat.ARROW) {
      throw new InvalidRequest(
          "Cannot write Arrow files: it is not supported. Write Parquet, or read batches.");
    }
    if (path.isBlank()) {
      throw new InvalidRequest("Cannot write to an empty path. Name a file or a folder.");
    }
  }

  public static FileSink of(FileFormat format, String path) {
    return new FileSink(
        format,
        path,
        List.of(),
        List.of(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        IfExists.FAIL);
  }

  public FileSink partitionedBy(String... columns) {
    return new FileSink(
        format, path, List.of(columns), sortedBy, codec, level, fileBytes, rowGroupRows, ifExists);
  }

  /** Sorts the rows before they are written: column names or sort keys. */
  public FileSink sortedBy(Object... keys) {
    return new FileSink(
        format,
        path,
        partitionedBy,
        SortKey.all(keys),
        codec,
        level,
        fileBytes,
        rowGroupRows,
        ifExists);
  }

  public FileSink compression(Codec newCodec) {
    return new FileSink(
        format,
        path,
        partitionedBy,
        sortedBy,
        Optional.of(newCodec),
        OptionalInt.empty(),
        fileBytes,
        rowGroupRows,
        ifExists);
  }

  /** A codec with its level; only GZIP, ZSTD and BROTLI have levels. */
  public FileSink compression(Codec newCodec, int newLevel) {
    int most =
        switch (newCodec) {
          case GZIP -> 9;
          case ZSTD -> 22;
          case BROTLI -> 11;
          case UNCOMPRESSED, SNAPPY, LZ4_RAW ->
              throw new InvalidRequest(
                  "Cannot write %s at level %d: it has no levels. Leave the level out."
                      .formatted(newCodec, newLevel));
        };
    int least = newCodec == Codec.BROTLI ? 0 : 1;
    if (newLevel < least || newLevel > most) {
      throw new InvalidRequest(
          "Cannot write %s at level %d: its levels are %d to %d. Choose one of those."
              .formatted(newCodec, newLevel, least, most));
    }
    return new FileSink(
        format,
        path,
        partitionedBy,
        sortedBy,
        Optional.of(newCodec),
        OptionalInt.of(newLevel),
        fileBytes,
        rowGroupRows,
        ifExists);
  }

  public FileSink fileBytes(long bytes) {
    return new FileSink(
        format,
        path,
        partitionedBy,
        sortedBy,
        codec,
        level,
        OptionalLong.of(bytes),
        rowGroupRows,
        ifExists);
  }

  public FileSink rowGroupRows(long rows) {
    return new FileSink(
        format,
        path,
        partitionedBy,
        sortedBy,
        codec,
        level,
        fileBytes,
        OptionalLong.of(rows),
        ifExists);
  }

  /** Replaces what is at the target, in one step, once the new is complete. */
  public FileSink replace() {
    return new FileSink(
        format,
        path,
        partitionedBy,
        sortedBy,
        codec,
        level,
        fileBytes,
        rowGroupRows,
        IfExists.REPLACE);
  }

  /** Whether the target is one file: it ends in a suffix of the format and is not partitioned. */
  public boolean isSingleFile() {
    if (!partitionedBy.isEmpty() || fileBytes.isPresent()) {
      return false;
    }
    String name = path.toLowerCase(Locale.ROOT);
    return suffixes().stream().anyMatch(name::endsWith);
  }

  private List<String> suffixes() {
    List<String> plain =
        switch (format) {
          case PARQUET -> List.of(".parquet");
          case CSV -> List.of(".csv", ".tsv");
          case JSON -> List.of(".json");
          case NDJSON -> List.of(".ndjson", ".jsonl");
          case ARROW -> List.of();
        };
    if (format == FileFormat.PARQUET) {
      return plain;
    }
    return plain.stream()
        .flatMap(suffix -> Arrays.asList(suffix, suffix + ".gz", suffix + ".zst").stream())
        .toList();
  }

  @Override
  public WriteResult write(Plan plan, Engine engine, RunOptions options) {
    return engine.write(plan, this, options);
  }
}
