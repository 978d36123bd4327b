package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.error.UnknownColumn;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.plan.Plan;
import dev.tarn.plan.PlanColumns;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.WriteResult;
import dev.tarn.sql.DuckDbDialect;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes files beside the target under a hidden name, forces them to the disk, and only then gives
 * them the target's name, in one step.
 */
final class FileWriter {

  /**
   * What files in a draft end in. DuckDB's {@code **} looks into hidden folders too: with their own
   * suffix, whoever reads a folder above would see them before they are complete.
   */
  private static final String DRAFT_SUFFIX = ".draft";

  /** A folder's files are about this large unless said otherwise. */
  private static final long DEFAULT_FILE_BYTES = 256L << 20;

  private final DuckDbEngine engine;

  FileWriter(DuckDbEngine engine) {
    this.engine = engine;
  }

  WriteResult write(Plan plan, FileSink sink, RunOptions options) {
    Path target = Path.of(sink.path()).toAbsolutePath().normalize();
    String doing = "write [%s]".formatted(sink.path());
    requireFree(doing, target, sink);
    check(plan, sink);
    Plan sorted = sink.sortedBy().isEmpty() ? plan : new Plan.Sort(plan, sink.sortedBy());
    UUID name = UUID.randomUUID();
    Path draft = FileTree.hidden(target, name);
    try {
      Files.createDirectories(target.getParent());
      if (!sink.isSingleFile()) {
        Files.createDirectory(draft);
      }
      long rows = copy(sorted, sink, draft, name, doing, options);
      if (rows == 0 && !sink.partitionedBy().isEmpty()) { // a file that has the columns at least
        FileSink flat = sink.partitionedBy(new String[0]).fileBytes(DEFAULT_FILE_BYTES);
        copy(new Plan.Limit(plan, 0, 0), flat, draft, name, doing, options);
      }
      WriteResult result = measure(draft, rows);
      if (!sink.isSingleFile()) {
        name(draft, "." + sink.format().name().toLowerCase(Locale.ROOT));
      }
      FileTree.sync(draft);
      Publisher.publish(draft, target, sink.ifExists());
      return result;
    } catch (IOException e) {
      throw failure(doing, e);
    } finally {
      removeDraft(draft);
    }
  }

  private static void requireFree(String doing, Path target, FileSink sink) {
    if (target.getParent() == null) {
      throw new InvalidRequest(
          "Cannot %s: that is the root. Name a file or folder.".formatted(doing));
    }
    if (sink.ifExists() == FileSink.IfExists.FAIL && Publisher.isTaken(target)) {
      throw new InvalidRequest(
          "Cannot %s: it exists. Say replace(), or choose another path.".formatted(doing));
    }
  }

  private static void check(Plan plan, FileSink sink) {
    List<String> columns = PlanColumns.of(plan);
    for (String name : sink.partitionedBy()) {
      if (columns.stream().noneMatch(name::equalsIgnoreCase)) {
        throw UnknownColumn.of("partition by", name, "", columns);
      }
      if (name.contains("/") || name.contains("=")) {
        throw new InvalidRequest(
            "Cannot partition by column %s: no folder can have / or = in its key. Rename it."
                .formatted(name));
      }
    }
    if (!sink.partitionedBy().isEmpty() && sink.partitionedBy().size() >= columns.size()) {
      throw new InvalidRequest(
          "Cannot write [%s]: partitioned by all columns, nothing is left for the files. Leave one out."
              .formatted(sink.path()));
    }
  }

  private long copy(
      Plan plan, FileSink sink, Path draft, UUID name, String doing, RunOptions options) {
    try (DuckDbQuery query =
        engine.query(
            doing,
            session ->
                "COPY (%s) TO %s (%s)"
                    .formatted(
                        session.render(plan),
                        literal(draft.toString()),
                        String.join(", ", copyOptions(sink, name))),
            options)) {
      return query.execute(statement -> {
        statement.execute();
        return statement.getLargeUpdateCount();
      });
    }
  }

  private static List<String> copyOptions(FileSink sink, UUID name) {
    var options = new ArrayList<String>();
    switch (sink.format()) {
      case PARQUET -> {
        options.add("FORMAT parquet");
        options.add(
            "COMPRESSION " + sink.codec().map(Enum::name).orElse("ZSTD").toLowerCase(Locale.ROOT));
        sink.level().ifPresent(level -> options.add("COMPRESSION_LEVEL " + level));
        sink.rowGroupRows().ifPresent(rows -> options.add("ROW_GROUP_SIZE " + rows));
      }
      case CSV -> {
        options.add("FORMAT csv");
        options.add("HEADER true");
        if (sink.path().toLowerCase(Locale.ROOT).contains(".tsv")) {
          options.add("DELIMITER '\t'");
        }
      }
      case JSON -> {
        options.add("FORMAT json");
        options.add("ARRAY true");
      }
      case NDJSON -> options.add("FORMAT json");
      case ARROW -> throw new IllegalStateException("refused by the sink");
    }
    if (sink.format() != FileFormat.PARQUET) {
      String path = sink.path().toLowerCase(Locale.ROOT);
      options.add(
          "COMPRESSION "
              + (path.endsWith(".gz") ? "gzip" : path.endsWith(".zst") ? "zstd" : "none"));
    }
    if (!sink.isSingleFile()) {
      // No two writes name a file alike, so that a reader whose folder is replaced under its hands
      // misses a file, and says so, and never mixes the old with the new.
      options.add("FILENAME_PATTERN 'data_{i}_" + name.toString().substring(0, 8) + "'");
      options.add("FILE_EXTENSION '" + DRAFT_SUFFIX.substring(1) + "'");
      options.add("OVERWRITE_OR_IGNORE true");
      if (sink.partitionedBy().isEmpty()) {
        options.add("FILE_SIZE_BYTES " + sink.fileBytes().orElse(DEFAULT_FILE_BYTES));
      } else {
        options.add(
            sink.partitionedBy().stream()
                .map(DuckDbDialect.DUCKDB::quote)
                .collect(Collectors.joining(", ", "PARTITION_BY (", ")")));
        sink.fileBytes().ifPresent(bytes -> options.add("FILE_SIZE_BYTES " + bytes));
      }
    }
    return options;
  }

  private static WriteResult measure(Path draft, long rows) throws IOException {
    long files = 0;
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(draft)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files++;
        bytes += Files.size(path);
      }
    }
    return new WriteResult(rows, files, bytes);
  }

  /** Gives the finished files of a draft their own suffix, and its folders their column's name. */
  private static void name(Path draft, String suffix) throws IOException {
    for (Path path : FileTree.paths(draft)) {
      String name = path.getFileName().toString();
      if (!path.equals(draft)) {
        Files.move(
            path,
            path.resolveSibling(
                Files.isDirectory(path)
                    ? withPlainKey(name)
                    : name.substring(0, name.length() - DRAFT_SUFFIX.length()) + suffix));
      }
    }
  }

  /** DuckDB escapes the name of the column too, but takes it as it is when it reads. */
  private static String withPlainKey(String folder) {
    int end = folder.indexOf('=');
    return URLDecoder.decode(folder.substring(0, end).replace("+", "%2B"), StandardCharsets.UTF_8)
        + folder.substring(end);
  }

  static TarnException failure(String doing, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("No space left") || reason.contains("quota")) {
      return new LimitExceeded(
          "Cannot %s: the disk is full. Free space, or choose another folder.".formatted(doing), e);
    }
    if (e instanceof AccessDeniedException || reason.contains("Read-only")) {
      return new Unavailable(
          "Cannot %s: permission denied. Ask for the right to write there.".formatted(doing), e);
    }
    if (e instanceof java.nio.file.FileAlreadyExistsException) {
      return new InvalidRequest(
          "Cannot %s: %s exists. Say replace(), or choose another path.".formatted(doing, reason),
          e);
    }
    return new Unavailable("Cannot %s: %s.".formatted(doing, e), e);
  }

  static void removeDraft(Path draft) {
    try {
      if (Files.exists(draft, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
        FileTree.delete(draft);
      }
    } catch (IOException e) {
      System.getLogger(FileWriter.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot remove " + draft, e);
    }
  }

  static String literal(String text) {
    return DuckDbDialect.DUCKDB.literal(text);
  }
}
