package dev.tarn.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parquet files of one version of a table.
 *
 * @param columns the table's columns, in order; what the scan yields
 * @param groups files that are read alike; a scan without any yields no rows
 * @param totalFiles how many files the version has
 * @param position whether each row says where it stands, by columns {@value #FILE} and {@value
 *     #POSITION} after the others
 * @param notes what else there is to know of the choice, for {@code explain}
 */
public record TableScan(
    List<TableColumn> columns,
    List<Group> groups,
    int totalFiles,
    Position position,
    List<String> notes)
    implements Scan {

  /** The path of the file that a row stands in, as the scan names it; VARCHAR. */
  public static final String FILE = "_file";

  /** The row's position in its file, from 0; BIGINT. */
  public static final String POSITION = "_pos";

  /** Whether rows say where they stand. */
  public enum Position {
    NONE,
    FILE_AND_ROW
  }

  public TableScan {
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
    notes = List.copyOf(notes);
  }

  /** How many files are read. */
  public int files() {
    return groups.stream().mapToInt(group -> group.paths().size()).sum();
  }

  /** By what columns are found in files. */
  public enum Match {
    ID,
    /** Every file has all columns under their names and with their types of today. */
    NAME
  }

  /**
   * Files that are read alike.
   *
   * @param paths plain paths, no globs
   * @param shape what the files hold, where it takes more than the ids of their columns to find the
   *     table's: files without ids, or with members of structs under earlier names. Empty where
   *     every column has its id in the files and every member its name of today.
   * @param deletes rows of them that are gone
   * @param match by what columns are found where there is no shape
   */
  public record Group(
      List<String> paths, Optional<List<FileColumn>> shape, List<Deletes> deletes, Match match) {
    public Group {
      paths = List.copyOf(paths);
      shape = shape.map(List::copyOf);
      deletes = List.copyOf(deletes);
    }
  }

  /** Rows that are gone, though their file still holds them. */
  public sealed interface Deletes {

    /** Parquet files with columns {@code file_path} and {@code pos}, from 0. */
    record PositionFiles(List<String> paths) implements Deletes {
      public PositionFiles {
        paths = List.copyOf(paths);
      }
    }

    /** Positions from 0 by the path of the file, as the group names it. */
    record Positions(Map<String, long[]> rows) implements Deletes {
      public Positions {
        rows = Map.copyOf(rows);
      }
    }

    /**
     * Parquet files with the values of columns, found by id: a row that has the same is gone. Nulls
     * are the same.
     */
    record EqualValues(List<String> paths, List<TableColumn> columns) implements Deletes {
      public EqualValues {
        paths = List.copyOf(paths);
        columns = List.copyOf(columns);
      }
    }
  }
}
