package dev.tarn.io;

import dev.tarn.type.Schema;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How files are read. Immutable; each method returns a new one.
 *
 * @param schema names and types of the columns in CSV and JSON; null to find them out from the
 *     files
 * @param fileNameColumn a column that holds each row's file; null for none
 * @param onBadFile what to do with a file that cannot be read
 * @param hivePartitions whether folders named {@code key=value} become columns
 * @param checksums whether the checksums that Parquet pages may carry are checked
 * @param engine further options by the names the engine has for them
 */
public record ReadOptions(
    @Nullable Schema schema,
    @Nullable String fileNameColumn,
    OnBadFile onBadFile,
    HivePartitions hivePartitions,
    Checksums checksums,
    Map<String, Object> engine) {

  public static final ReadOptions DEFAULT =
      new ReadOptions(
          null, null, OnBadFile.FAIL, HivePartitions.AUTO, Checksums.WHEN_SMALL, Map.of());

  public enum OnBadFile {
    /** The query fails and names the file. */
    FAIL,
    /**
     * The file is left out and named in {@code explain()}. To know which files are bad, each is
     * read whole once when the frame is opened.
     */
    SKIP
  }

  /** DuckDB does not look at page checksums; Tarn does once, when files are opened. */
  public enum Checksums {
    /** When there are no more than 16 files of no more than 16 MiB together. */
    WHEN_SMALL,
    /** Reads all files whole when they are opened. */
    ALWAYS,
    NEVER
  }

  public enum HivePartitions {
    /** When all paths have them. */
    AUTO,
    YES,
    NO
  }

  public ReadOptions {
    engine = java.util.Collections.unmodifiableMap(new TreeMap<>(engine));
  }

  public ReadOptions schema(Schema newSchema) {
    return new ReadOptions(newSchema, fileNameColumn, onBadFile, hivePartitions, checksums, engine);
  }

  /** Adds a VARCHAR column with the path of the file that each row is from. */
  public ReadOptions fileNameColumn(String name) {
    return new ReadOptions(schema, name, onBadFile, hivePartitions, checksums, engine);
  }

  public ReadOptions onBadFile(OnBadFile choice) {
    return new ReadOptions(schema, fileNameColumn, choice, hivePartitions, checksums, engine);
  }

  public ReadOptions hivePartitions(HivePartitions choice) {
    return new ReadOptions(schema, fileNameColumn, onBadFile, choice, checksums, engine);
  }

  /** Parquet: whether page checksums are checked; see {@link Checksums}. */
  public ReadOptions checksums(Checksums choice) {
    return new ReadOptions(schema, fileNameColumn, onBadFile, hivePartitions, choice, engine);
  }

  /** CSV: the character between values. */
  public ReadOptions separator(String separator) {
    return with("delim", separator);
  }

  /** CSV: whether the first line names the columns; found out when not said. */
  public ReadOptions header(Boolean present) {
    return with("header", present);
  }

  /** CSV: the text that stands for null. */
  public ReadOptions nullText(String text) {
    return with("nullstr", text);
  }

  /**
   * An option by the engine's own name, e.g. {@code with("quote", "'")}.
   *
   * @param value text, a number or a boolean
   */
  public ReadOptions with(String option, Object value) {
    var options = new TreeMap<>(engine);
    options.put(option, value);
    return new ReadOptions(schema, fileNameColumn, onBadFile, hivePartitions, checksums, options);
  }
}
