package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import dev.tarn.spi.Batch;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.OpenedFiles;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Looks into files once, so that every later query reads them alike and without looking again:
 * which there are, which are bad, and what types their columns have.
 */
final class FileOpener {

  /** Fewer bytes than this hold fewer rows than DuckDB looks at to guess types: 20,480. */
  private static final long SAMPLED_BYTES = 40_960;

  /** How long to look for the file that made a query fail. */
  private static final Duration LOOKING = Duration.ofSeconds(10);

  /** Parquet files whose page checksums are checked without being asked to. */
  private static final int SMALL_FILES = 16;

  private static final long SMALL_BYTES = 16L << 20;

  /** Files that are remembered to be sound. */
  private static final int MOST_SOUND = 10_000;

  private static final List<String> SEPARATORS = List.of(",", ";", "\t", "|");

  private final DuckDbEngine engine;

  FileOpener(DuckDbEngine engine) {
    this.engine = engine;
  }

  OpenedFiles open(FileScan asked) {
    FileScan scan = withGlobs(asked);
    List<String> files = list(scan);
    String doing = "read " + named(asked);
    requireContent(doing, files);
    if (scan.format() == FileFormat.ARROW) {
      scan = of(scan, files); // which Arrow's reader opens one by one
    }
    Map<String, String> skipped = Map.of();
    if (scan.options().onBadFile() == ReadOptions.OnBadFile.SKIP) {
      skipped = bad(scan, files);
      List<String> good = new ArrayList<>(files);
      good.removeAll(skipped.keySet());
      if (good.isEmpty()) {
        throw new BadData(
            "Cannot %s: all %d files are bad. The first: %s"
                .formatted(doing, files.size(), skipped.values().iterator().next()));
      }
      scan = of(scan, good);
    }
    FileScan settled =
        switch (scan.format()) {
          case CSV -> settledCsv(doing, scan, files);
          case JSON, NDJSON -> settledJson(doing, scan);
          case PARQUET, ARROW -> scan;
        };
    Schema schema = schema(doing, settled);
    if (verifies(scan, files)) {
      List<String> read = new ArrayList<>(files);
      read.removeAll(skipped.keySet());
      engine.call(doing, session -> verified(session, read));
    }
    return new OpenedFiles(settled, schema, skipped);
  }

  /** Looking at all pages costs a reading of the files, so large ones are only when it is said. */
  private static boolean verifies(FileScan scan, List<String> files) {
    return scan.format() == FileFormat.PARQUET
        && switch (scan.options().checksums()) {
          case ALWAYS -> true;
          case NEVER -> false;
          case WHEN_SMALL -> files.size() <= SMALL_FILES && bytes(files) <= SMALL_BYTES;
        };
  }

  private boolean verified(Session session, List<String> files) throws SQLException {
    Map<Path, List<Object>> sound = engine.soundFiles();
    if (sound.size() > MOST_SOUND) {
      sound.clear();
    }
    for (String file : files) {
      Path path = Path.of(file).toAbsolutePath();
      List<Object> stamp = FileStamps.stamp(path);
      if (stamp == null || !stamp.equals(sound.get(path))) {
        PageChecksums.verify(session, file);
        if (stamp != null) {
          sound.put(path, stamp);
        }
      }
    }
    return true;
  }

  /** A scan of files by their names. */
  private static FileScan of(FileScan scan, List<String> files) {
    List<String> paths =
        scan.format() == FileFormat.ARROW ? files : files.stream().map(FileGlobs::escaped).toList();
    return new FileScan(scan.format(), paths, scan.options());
  }

  private static String named(FileScan scan) {
    List<String> paths = scan.paths();
    String first = paths.isEmpty() ? "no files" : paths.get(0);
    return "[" + first + (paths.size() > 1 ? " and %d more".formatted(paths.size() - 1) : "") + "]";
  }

  // ---- which files there are

  /** A folder stands for all files of the format below it. */
  private static FileScan withGlobs(FileScan scan) {
    if (scan.paths().isEmpty()) {
      throw new InvalidRequest("Cannot read files: none was named. Name one at least.");
    }
    String suffix =
        switch (scan.format()) {
          case PARQUET -> "*.parquet";
          case CSV -> "*.csv*";
          case JSON -> "*.json*";
          case NDJSON -> "*.ndjson*";
          case ARROW -> "*.arrow";
        };
    var paths = new ArrayList<String>();
    for (String path : scan.paths()) {
      Path file = Path.of(path);
      if (!Files.isDirectory(file)) {
        paths.add(Files.exists(file) ? FileGlobs.escaped(path) : path);
      } else if (scan.format() == FileFormat.NDJSON) {
        paths.add(FileGlobs.escaped(path) + "/**/*.ndjson*");
        paths.add(FileGlobs.escaped(path) + "/**/*.jsonl*");
      } else {
        paths.add(FileGlobs.escaped(path) + "/**/" + suffix);
      }
    }
    return new FileScan(scan.format(), paths, scan.options());
  }

  private List<String> list(FileScan scan) {
    var files = new ArrayList<String>();
    for (String path : scan.paths()) {
      if (FileGlobs.isGlob(path)) {
        files.addAll(matches(path));
      } else {
        requireReadable(path, Path.of(path));
        files.add(path);
      }
    }
    if (files.isEmpty()) {
      for (String path : scan.paths()) {
        requireReadableBase(path);
      }
      throw new Unavailable(
          "Cannot read %s: no file matches. Check the path; it is relative to %s."
              .formatted(named(scan), Path.of("").toAbsolutePath()));
    }
    return files;
  }

  private List<String> matches(String glob) {
    return engine.call(
        "list [" + glob + "]", session -> FileGlobs.matches(session.connection(), glob));
  }

  private static void requireReadable(String shown, Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && Files.exists(folder) && !Files.isExecutable(folder)) {
      throw denied(shown);
    }
    if (!Files.exists(path)) {
      throw new Unavailable(
          "Cannot read [%s]: there is no such file. Check the path; it is relative to %s."
              .formatted(shown, Path.of("").toAbsolutePath()));
    }
    if (!Files.isReadable(path)) {
      throw denied(shown);
    }
  }

  /** DuckDB takes a folder that may not be read for an empty one. */
  private static void requireReadableBase(String glob) {
    Path base = Path.of(glob).toAbsolutePath();
    while (FileGlobs.isGlob(base.toString()) && base.getParent() != null) {
      base = base.getParent();
    }
    if (Files.exists(base) && !(Files.isReadable(base) && Files.isExecutable(base))) {
      throw denied(base.toString());
    }
  }

  private static Unavailable denied(String path) {
    return new Unavailable(
        "Cannot read [%s]: permission denied. Ask for the right to read it.".formatted(path));
  }

  private static void requireContent(String doing, List<String> files) {
    if (bytes(files) == 0) {
      throw new BadData(
          "Cannot %s: %s empty. Write something into it, or leave it out."
              .formatted(doing, files.size() == 1 ? "the file is" : "all files are"));
    }
  }

  private static long bytes(List<String> files) {
    long bytes = 0;
    for (String file : files) {
      try {
        bytes += Files.size(Path.of(file));
      } catch (IOException e) {
        bytes++; // it is for the reader to say what is wrong with it
      }
    }
    return bytes;
  }

  // ---- which are bad

  private Map<String, String> bad(FileScan scan, List<String> files) {
    var checks = new ArrayList<Future<String>>();
    for (String file : files) {
      FileScan one = of(scan, List.of(file));
      checks.add(engine.submit(() -> fault(file, one)));
    }
    var bad = new TreeMap<String, String>();
    for (int i = 0; i < checks.size(); i++) {
      String fault = result(checks.get(i));
      if (!fault.isEmpty()) {
        bad.put(files.get(i), fault);
        System.getLogger(FileOpener.class.getName())
            .log(System.Logger.Level.WARNING, "Skipped " + files.get(i) + ": " + fault);
      }
    }
    return bad;
  }

  private static String result(Future<String> check) {
    try {
      return check.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Cannot check files: the thread was interrupted. Try again.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * The file that made a query fail, where DuckDB does not name it: of all that it read, the first
   * that cannot be read.
   *
   * @return what is wrong with it; empty when all can be read, or looking takes too long
   */
  Optional<BadData> culprit(List<FileScan> scans) {
    long end = System.nanoTime() + LOOKING.toNanos();
    for (FileScan scan : scans) {
      for (String file : list(scan)) {
        if (System.nanoTime() > end) {
          return Optional.empty();
        }
        String fault = result(engine.submit(() -> fault(file, of(scan, List.of(file)))));
        if (!fault.isEmpty()) {
          return Optional.of(new BadData(fault));
        }
      }
    }
    return Optional.empty();
  }

  /** Why a file cannot be read, after reading all of it; empty when it can. Runs on the pool. */
  private String fault(String file, FileScan scan) {
    try {
      String doing = "read [" + file + "]";
      requireContent(doing, List.of(file));
      try (Session session = engine.session()) {
        first(session, "SELECT max(hash(t)) AS hash FROM " + session.bind(scan) + " AS t");
        if (scan.format() == FileFormat.PARQUET) {
          PageChecksums.verify(session, file);
        }
        return "";
      } catch (SQLException e) {
        throw Errors.translate(doing, e);
      }
    } catch (TarnException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The first row. Read by chunks: in no other way does the driver say why a query failed. */
  private static @Nullable Batch first(Session session, String sql) throws SQLException {
    try (ResultReader.Prepared prepared = ResultReader.prepare(session.connection(), sql);
        ResultReader rows = ResultReader.start(prepared, 1)) {
      return rows.next();
    }
  }

  // ---- what types the columns have

  private Schema schema(String doing, FileScan scan) {
    return engine.call(
        doing,
        session -> {
          String sql = "SELECT * FROM " + session.bind(scan);
          try (var statement = session.connection().prepare(sql)) {
            Schema schema = ResultReader.schema(session.connection(), statement, sql);
            requireText(doing, schema);
            return schema;
          }
        });
  }

  private static void requireText(String doing, Schema schema) {
    for (String name : schema.names()) {
      if (name.indexOf('\uFFFD') >= 0) {
        throw new BadData(
            "Cannot %s: the column name '%s' is not UTF-8. Write it anew, or skip it with onBadFile(SKIP)."
                .formatted(doing, name));
      }
    }
  }

  /**
   * DuckDB guesses types from the first rows. A number further down with a zero in front would lose
   * it, and one that is none would fail the query, so all values of number columns are looked at.
   */
  private FileScan settledCsv(String doing, FileScan scan, List<String> files) {
    if (scan.options().schema() != null) {
      return scan;
    }
    Schema guessed = schema(doing, scan);
    if (guessed.size() == 1 && !scan.options().engine().containsKey("delim")) {
      FileScan separated = separated(scan, guessed);
      if (!separated.equals(scan)) {
        return settledCsv(doing, separated, files);
      }
    }
    if (bytes(files) <= SAMPLED_BYTES) {
      return scan;
    }
    var numbers = new ArrayList<Field>();
    for (Field field : guessed.fields()) {
      if (field.type().equals(DataType.BIGINT) || field.type().equals(DataType.DOUBLE)) {
        numbers.add(field);
      }
    }
    Map<String, String> types = new HashMap<>();
    if (!numbers.isEmpty()) {
      FileScan asText = with(scan, "all_varchar", true);
      List<Boolean> facts =
          row(doing, asText, numbers.stream().flatMap(f -> checks(f).stream()).toList());
      for (int i = 0; i < numbers.size(); i++) {
        boolean zeros = facts.get(3 * i);
        boolean notWhole = facts.get(3 * i + 1);
        boolean notNumber = facts.get(3 * i + 2);
        if (zeros || notNumber) {
          types.put(numbers.get(i).name(), "VARCHAR");
        } else if (notWhole && numbers.get(i).type().equals(DataType.BIGINT)) {
          types.put(numbers.get(i).name(), "DOUBLE");
        }
      }
    }
    return types.isEmpty() ? scan : with(scan, "types", types);
  }

  private static List<String> checks(Field field) {
    String column = DuckDbDialect.DUCKDB.quote(field.name());
    return List.of(
        "bool_or(regexp_matches(%s, '^\\s*[+-]?0[0-9]'))".formatted(column),
        // TRY_CAST alone would round: '2.5' is a BIGINT to it
        "bool_or(TRY_CAST(%s AS BIGINT) IS NULL AND %s IS NOT NULL OR NOT regexp_full_match(%s, '%s'))"
            .formatted(column, column, column, "\\s*[+-]?[0-9]+\\s*"),
        "bool_or(TRY_CAST(%s AS DOUBLE) IS NULL AND %s IS NOT NULL)".formatted(column, column));
  }

  /**
   * A file of one column whose first line has separators in it is most likely one whose lines do
   * not agree; read with the separator it says so.
   */
  private FileScan separated(FileScan scan, Schema guessed) {
    String name = guessed.fields().get(0).name();
    String first = name + "\n" + firstValue(scan, name);
    return SEPARATORS.stream()
        .filter(first::contains)
        .findFirst()
        .map(separator -> with(scan, "delim", separator))
        .orElse(scan);
  }

  private String firstValue(FileScan scan, String column) {
    return engine.call(
        "read " + named(scan),
        session -> {
          Batch row =
              first(
                  session,
                  "SELECT CAST(%s AS VARCHAR) AS value FROM %s LIMIT 1"
                      .formatted(DuckDbDialect.DUCKDB.quote(column), session.bind(scan)));
          return row == null ? "" : String.valueOf(row.value(0, 0));
        });
  }

  /** All of JSON is looked at: a key that first comes far down must not be missed. */
  private FileScan settledJson(String doing, FileScan scan) {
    if (scan.options().schema() != null) {
      return scan;
    }
    FileScan whole = with(with(scan, "sample_size", -1), "maximum_sample_files", Integer.MAX_VALUE);
    Schema found = schema(doing, whole);
    String fileName = scan.options().fileNameColumn();
    var fields = new ArrayList<Field>();
    for (Field field : found.fields()) {
      if (!field.name().equals(fileName)) {
        fields.add(field);
      }
    }
    return new FileScan(
        scan.format(), scan.paths(), scan.options().schema(narrowed(doing, whole, fields)));
  }

  /** Whole numbers that fit 64 bits are BIGINT, whatever DuckDB guessed to be safe. */
  private Schema narrowed(String doing, FileScan scan, List<Field> fields) {
    List<Field> wide =
        fields.stream()
            .filter(
                f -> f.type().equals(DataType.HUGEINT) || f.type().equals(DataType.Simple.UBIGINT))
            .toList();
    if (wide.isEmpty()) {
      return new Schema(fields);
    }
    List<String> fits =
        wide.stream()
            .map(f -> DuckDbDialect.DUCKDB.quote(f.name()))
            .map(c ->
                "bool_and(%s BETWEEN -9223372036854775807 AND 9223372036854775807)".formatted(c))
            .toList();
    List<Boolean> facts = row(doing, scan, fits);
    return new Schema(
        fields.stream()
            .map(f -> {
              int i = wide.indexOf(f);
              return i >= 0 && facts.get(i) ? new Field(f.name(), DataType.BIGINT) : f;
            })
            .toList());
  }

  /** One row of booleans over all of the files; null counts as false. */
  private List<Boolean> row(String doing, FileScan scan, List<String> expressions) {
    return engine.call(
        doing,
        session -> {
          var named = new ArrayList<String>();
          for (String expression : expressions) {
            named.add(expression + " AS fact_" + named.size());
          }
          Batch row =
              first(session, "SELECT " + String.join(", ", named) + " FROM " + session.bind(scan));
          var values = new ArrayList<Boolean>();
          for (int i = 0; i < expressions.size(); i++) {
            values.add(row != null && Boolean.TRUE.equals(row.value(0, i)));
          }
          return values;
        });
  }

  private static FileScan with(FileScan scan, String option, Object value) {
    return new FileScan(scan.format(), scan.paths(), scan.options().with(option, value));
  }
}
