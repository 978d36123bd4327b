package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.RunOptions;
import dev.tarn.sql.DuckDbDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of partitions whose rows have an order. The engine keeps an order by all threads
 * only within one file; so the rows are sorted into a table of the engine's own (in memory, spilled
 * where that is short), partition by partition, and each large partition is a stretch of that table
 * that is written as a file of its own. Small ones are written together, by one thread.
 */
final class SortedPartitions {

  /** The engine's own column of a table, which one of the same name hides. */
  static final String ROW_ID = "rowid";

  /** Two row groups: with fewer rows there is nothing for a second thread to do. */
  private static final long LARGE = 2 * 122_880;

  private final DuckDbEngine engine;
  private final String doing;
  private final RunOptions options;
  private final List<String> keys;
  private final long fileBytes;
  private final Copies copies;
  private final String stage = DuckDbDialect.DUCKDB.quote("__tarn_stage_" + UUID.randomUUID());
  private final List<DataFileWriter.Draft> drafts = new ArrayList<>();

  /** How a stretch of rows gets into files. */
  interface Copies {
    /** One file, whose rows are those of the query, in its order. */
    DataFileWriter.Draft one(String rows);

    /** Files of several partitions, whose keys are columns of the rows. */
    List<DataFileWriter.Draft> partitioned(String rows);
  }

  /** For rows with those keys as their last columns. */
  SortedPartitions(
      DuckDbEngine engine,
      String doing,
      RunOptions options,
      List<String> keys,
      long fileBytes,
      Copies copies) {
    this.engine = engine;
    this.doing = doing;
    this.options = options;
    this.keys = keys;
    this.fileBytes = fileBytes;
    this.copies = copies;
  }

  /** Rows of the staged table that follow each other. */
  private record Stretch(long first, long rows, Map<String, @Nullable String> keys) {
    boolean isLarge() {
      return rows >= LARGE;
    }

    long end() {
      return first + rows;
    }
  }

  /** Writes the rows of a query that is ordered by the keys first. */
  List<DataFileWriter.Draft> write(Function<Session, String> rows) throws IOException {
    try {
      execute(
          session -> "CREATE TABLE %s AS (%s)".formatted(stage, rows.apply(session)),
          statement -> statement.executeLargeUpdate());
      copy(partitions());
      return drafts;
    } finally {
      drop();
    }
  }

  private List<Stretch> partitions() {
    String sql =
        "SELECT %s, min(%s), count(*) FROM %s GROUP BY %s ORDER BY min(%s)"
            .formatted(
                quotedKeys()
                    .map("CAST(%s AS VARCHAR)"::formatted)
                    .collect(Collectors.joining(", ")),
                ROW_ID,
                stage,
                quotedKeys().collect(Collectors.joining(", ")),
                ROW_ID);
    return execute(
        session -> sql,
        statement -> {
          try (ResultSet found = statement.executeQuery()) {
            return stretches(found);
          }
        });
  }

  private Stream<String> quotedKeys() {
    return keys.stream().map(DuckDbDialect.DUCKDB::quote);
  }

  private List<Stretch> stretches(ResultSet rows) throws SQLException {
    var stretches = new ArrayList<Stretch>();
    while (rows.next()) {
      var values = new HashMap<String, @Nullable String>();
      for (int i = 0; i < keys.size(); i++) {
        values.put(keys.get(i), rows.getString(i + 1));
      }
      stretches.add(
          new Stretch(rows.getLong(keys.size() + 1), rows.getLong(keys.size() + 2), values));
    }
    return stretches;
  }

  private void copy(List<Stretch> partitions) throws IOException {
    long start = 0;
    long end = 0;
    for (Stretch partition : partitions) {
      if (partition.first() != end) {
        throw new IllegalStateException("rows of a partition do not follow each other");
      }
      end = partition.end();
      if (partition.isLarge()) {
        copySmall(start, partition.first());
        copyLarge(partition);
        start = end;
      }
    }
    copySmall(start, end);
  }

  private void copySmall(long start, long end) {
    if (start < end) {
      drafts.addAll(copies.partitioned(rows("*", start, end)));
    }
  }

  /** As many files as its rows are expected to fill, judged by those that are written already. */
  private void copyLarge(Stretch partition) throws IOException {
    double rowBytes = rowBytes(drafts);
    List<DataFileWriter.Draft> files =
        copies(partition, filesFor(rowBytes * partition.rows(), fileBytes));
    double found = rowBytes(files);
    if (rowBytes == 0 && filesFor(found * partition.rows(), fileBytes) > 1) {
      for (DataFileWriter.Draft file : files) {
        Files.delete(file.path());
      }
      files = copies(partition, filesFor(found * partition.rows(), fileBytes));
    }
    drafts.addAll(files);
  }

  private static double rowBytes(List<DataFileWriter.Draft> files) {
    long rows = files.stream().mapToLong(DataFileWriter.Draft::rows).sum();
    long bytes = files.stream().mapToLong(DataFileWriter.Draft::bytes).sum();
    return rows == 0 ? 0 : (double) bytes / rows;
  }

  /** How many files bytes are for, of which one may be larger than it should by a quarter. */
  static long filesFor(double bytes, long fileBytes) {
    return bytes <= fileBytes * 1.25 ? 1 : (long) Math.ceil(bytes / fileBytes);
  }

  private List<DataFileWriter.Draft> copies(Stretch partition, long parts) {
    String columns = quotedKeys().collect(Collectors.joining(", ", "* EXCLUDE (", ")"));
    long each = Math.ceilDiv(partition.rows(), parts);
    var files = new ArrayList<DataFileWriter.Draft>();
    for (long first = partition.first(); first < partition.end(); first += each) {
      String rows = rows(columns, first, Math.min(partition.end(), first + each));
      files.add(copies.one(rows).of(partition.keys()));
    }
    return files;
  }

  private String rows(String columns, long start, long end) {
    return "SELECT %s FROM %s WHERE %s >= %d AND %s < %d"
        .formatted(columns, stage, ROW_ID, start, ROW_ID, end);
  }

  private <T> T execute(Function<Session, String> sql, DuckDbQuery.SqlFunction<T> work) {
    try (DuckDbQuery query = engine.query(doing, sql, options)) {
      return query.execute(work);
    }
  }

  /** Nobody waits for it: whoever was interrupted could not. */
  private void drop() {
    try {
      var _ = engine.submit(this::dropped);
    } catch (InvalidRequest closed) {
      // the rows went with the engine; what failed before is what counts
    }
  }

  private String dropped() {
    try (Session session = engine.session()) {
      session.execute("DROP TABLE IF EXISTS " + stage);
    } catch (SQLException e) {
      System.getLogger(SortedPartitions.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot free sorted rows: " + e.getMessage(), e);
    }
    return stage;
  }
}
