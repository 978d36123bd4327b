package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.OpenedFiles;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Looks into files once, so that every later query reads them alike and without looking again:
 * which there are, which are bad, and what types their columns have.
 */
final class FileOpener {

  /** Fewer bytes than this hold fewer rows than DuckDB looks at to guess types: 20,480. */
  private static final long SAMPLED_BYTES = 40_960;

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
      scan = new FileScan(scan.format(), good, scan.options());
    }
    FileScan settled =
        switch (scan.format()) {
          case CSV -> settledCsv(doing, scan, files);
          case JSON, NDJSON -> settledJson(doing, scan);
          case PARQUET, ARROW -> scan;
        };
    return new OpenedFiles(settled, schema(doing, settled), skipped);
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
      if (!isFolder(path)) {
        paths.add(path);
      } else if (scan.format() == FileFormat.NDJSON) {
        paths.add(path + "/**/*.ndjson*");
        paths.add(path + "/**/*.jsonl*");
      } else {
        paths.add(path + "/**/" + suffix);
      }
    }
    return new FileScan(scan.format(), paths, scan.options());
  }

  private static boolean isFolder(String path) {
    return !isGlob(path) && Files.isDirectory(Path.of(path));
  }

  private static boolean isGlob(String path) {
    return path.contains("*") || path.contains("?") || path.contains("[");
  }

  private List<String> list(FileScan scan) {
    var files = new ArrayList<String>();
    for (String path : scan.paths()) {
      if (isGlob(path)) {
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
        "list [" + glob + "]",
        session -> {
          try (Statement statement = session.connection().createStatement();
              ResultSet result =
                  statement.executeQuery(
                      "SELECT file FROM glob(" + FileWriter.literal(glob) + ") ORDER BY 1")) {
            var files = new ArrayList<String>();
            while (result.next()) {
              files.add(result.getString(1));
            }
            return files;
          }
        });
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
    while (isGlob(base.toString()) && base.getParent() != null) {
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
      var one =
          new FileScan(
              scan.format(), List.of(file), scan.options().onBadFile(ReadOptions.OnBadFile.FAIL));
      checks.add(engine.submit(() -> fault(one)));
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

  /** Why a file cannot be read, after reading all of it; empty when it can. */
  private String fault(FileScan file) {
    try {
      requireContent("read " + named(file), file.paths());
      try (Session session = engine.session();
          Statement statement = session.connection().createStatement();
          ResultSet result =
              statement.executeQuery("SELECT max(hash(t)) FROM " + session.bind(file) + " AS t")) {
        result.next();
        return "";
      } catch (SQLException e) {
        throw Errors.translate("read " + named(file), e);
      }
    } catch (TarnException e) {
      return String.valueOf(e.getMessage());
    }
  }

  // ---- what types the columns have

  private Schema schema(String doing, FileScan scan) {
    return engine.call(
        doing,
        session -> {
          String sql = "SELECT * FROM " + session.bind(scan);
          try (var statement = session.connection().prepare(sql)) {
            return ResultReader.schema(session.connection(), statement, sql);
          }
        });
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
        "bool_or(TRY_CAST(%s AS BIGINT) IS NULL AND %s IS NOT NULL)".formatted(column, column),
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
          String sql =
              "SELECT CAST(%s AS VARCHAR) FROM %s LIMIT 1"
                  .formatted(DuckDbDialect.DUCKDB.quote(column), FileSql.of(scan));
          try (Statement statement = session.connection().createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
          }
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
    String sql = "SELECT " + String.join(", ", expressions) + " FROM " + FileSql.of(scan);
    return engine.call(
        doing,
        session -> {
          try (Statement statement = session.connection().createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            result.next();
            var values = new ArrayList<Boolean>();
            for (int i = 1; i <= expressions.size(); i++) {
              values.add(result.getBoolean(i));
            }
            return values;
          }
        });
  }

  private static FileScan with(FileScan scan, String option, Object value) {
    return new FileScan(scan.format(), scan.paths(), scan.options().with(option, value));
  }
}
