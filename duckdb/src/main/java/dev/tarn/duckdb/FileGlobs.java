package dev.tarn.duckdb;

import dev.tarn.error.Unavailable;
import dev.tarn.spi.FileScan;
import dev.tarn.sql.DuckDbDialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths that stand for several files, as DuckDB takes them: {@code *}, {@code ?}, {@code [a-z]}.
 */
final class FileGlobs {

  private FileGlobs() {}

  static boolean isGlob(String path) {
    return path.contains("*") || path.contains("?") || path.contains("[");
  }

  /** A glob for one file or folder, whose name has characters of a glob in it. */
  static String escaped(String path) {
    return path.replaceAll("[\\[*?]", "[$0]");
  }

  /** The files that a glob stands for now, sorted; drafts of writes under way are none. */
  static List<String> matches(Connection connection, String glob) throws SQLException {
    String sql = "SELECT file FROM glob(" + DuckDbDialect.DUCKDB.literal(glob) + ") ORDER BY file";
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      var files = new ArrayList<String>();
      while (result.next()) {
        String file = result.getString(1);
        if (!FileTree.isHidden(file)) {
          files.add(file);
        }
      }
      return files;
    }
  }

  /** The scan, with files in place of a glob that could see drafts, which no query must read. */
  static FileScan visible(Connection connection, FileScan scan) throws SQLException {
    if (scan.paths().stream().noneMatch(FileGlobs::seesHidden)) {
      return scan;
    }
    var paths = new ArrayList<String>();
    for (String path : scan.paths()) {
      if (seesHidden(path)) {
        matches(connection, path).stream().map(FileGlobs::escaped).forEach(paths::add);
      } else {
        paths.add(path);
      }
    }
    if (paths.isEmpty()) {
      throw new Unavailable(
          "Cannot read [%s]: no file matches. Check the path; it is relative to %s."
              .formatted(String.join(", ", scan.paths()), Path.of("").toAbsolutePath()));
    }
    return new FileScan(scan.format(), paths, scan.options());
  }

  /** DuckDB's {@code **} goes into hidden folders, and a last {@code *} takes any suffix. */
  private static boolean seesHidden(String path) {
    return isGlob(path) && (path.contains("**") || path.endsWith("*"));
  }
}
