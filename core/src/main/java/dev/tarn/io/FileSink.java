package dev.tarn.io;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Sink;
import dev.tarn.spi.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A file or folder to write to. It is published whole or not at all: whoever reads the target sees
 * what was there before, or all of the new. Immutable; each method returns a new one.
 */
public final class FileSink implements Sink {

  /** What to do when something is at the target already. */
  public enum IfExists {
    FAIL,
    /** It is exchanged for the new in one step. */
    REPLACE
  }

  private final FileFormat format;
  private final String path;
  private List<String> partitionedBy = List.of();
  private List<SortKey> sortedBy = List.of();
  private Optional<Codec> codec = Optional.empty();
  private OptionalInt level = OptionalInt.empty();
  private OptionalLong fileBytes = OptionalLong.empty();
  private OptionalLong rowGroupRows = OptionalLong.empty();
  private IfExists ifExists = IfExists.FAIL;

  private FileSink(FileFormat format, String path) {
    this.format = format;
    this.path = path;
  }

  /** A file where the path ends in the format's own suffix, else a folder of files. */
  public static FileSink of(FileFormat format, String path) {
    if (format == FileFormat.ARROW) {
      throw new InvalidRequest(
          "Cannot write Arrow files: it is not supported. Write Parquet, or read batches.");
    }
    if (path.isBlank()) {
      throw new InvalidRequest("Cannot write to an empty path. Name a file or a folder.");
    }
    return new FileSink(format, path);
  }

  private FileSink with(Consumer<FileSink> change) {
    var copy = new FileSink(format, path);
    copy.partitionedBy = partitionedBy;
    copy.sortedBy = sortedBy;
    copy.codec = codec;
    copy.level = level;
    copy.fileBytes = fileBytes;
    copy.rowGroupRows = rowGroupRows;
    copy.ifExists = ifExists;
    change.accept(copy);
    return copy;
  }

  /** Columns whose values name folders, {@code column=value}, and leave the files. */
  public FileSink partitionedBy(String... columns) {
    return with(sink -> sink.partitionedBy = List.of(columns));
  }

  /** Sorts the rows before they are written: column names, expressions or sort keys. */
  public FileSink sortedBy(Object... keys) {
    return with(sink -> sink.sortedBy = SortKey.all(keys));
  }

  /** Parquet: how pages are compressed; ZSTD unless said. */
  public FileSink compression(Codec newCodec) {
    return with(sink -> {
      sink.codec = Optional.of(newCodec);
      sink.level = OptionalInt.empty();
    });
  }

  /** A codec with its level; only ZSTD is written with levels. */
  public FileSink compression(Codec newCodec, int newLevel) {
    newCodec.requireLevel(newLevel);
    return with(sink -> {
      sink.codec = Optional.of(newCodec);
      sink.level = OptionalInt.of(newLevel);
    });
  }

  /** Makes a folder of files of about so many bytes; 256 MiB unless said. */
  public FileSink fileBytes(long bytes) {
    return with(sink -> sink.fileBytes = OptionalLong.of(bytes));
  }

  /** Parquet: rows in a row group; 122,880 unless said. */
  public FileSink rowGroupRows(long rows) {
    return with(sink -> sink.rowGroupRows = OptionalLong.of(rows));
  }

  /** Replaces what is at the target, in one step, once the new is complete. */
  public FileSink replace() {
    return with(sink -> sink.ifExists = IfExists.REPLACE);
  }

  public FileFormat format() {
    return format;
  }

  public String path() {
    return path;
  }

  public List<String> partitionedBy() {
    return partitionedBy;
  }

  public List<SortKey> sortedBy() {
    return sortedBy;
  }

  public Optional<Codec> codec() {
    return codec;
  }

  public OptionalInt level() {
    return level;
  }

  public OptionalLong fileBytes() {
    return fileBytes;
  }

  public OptionalLong rowGroupRows() {
    return rowGroupRows;
  }

  public IfExists ifExists() {
    return ifExists;
  }

  /** Whether the target is one file: its suffix says so, and nothing asks for several. */
  public boolean isSingleFile() {
    return partitionedBy.isEmpty()
        && fileBytes.isEmpty()
        && FileFormat.ofPath(path).filter(format::equals).isPresent();
  }

  @Override
  public WriteResult write(Plan plan, Engine engine, RunOptions options) {
    return engine.write(plan, this, options);
  }
}
