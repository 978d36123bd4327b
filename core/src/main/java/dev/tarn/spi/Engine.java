package dev.tarn.spi;

import dev.tarn.QueryPlan;
import dev.tarn.io.FileSink;
import dev.tarn.plan.Plan;
import dev.tarn.type.Schema;
import java.util.List;

/**
 * What runs plans. The testkit's {@code EngineContract} says what each engine must do. Safe for use
 * by several threads; whoever made it closes it, which cancels what still runs.
 */
public interface Engine extends AutoCloseable {

  /** What it is called in messages and plans. */
  String name();

  /** The columns of a plan. Reads no data; takes about a millisecond. */
  Schema schema(Plan plan);

  /**
   * Finds out what is in files: looks into as many of them as it takes to know names and types.
   *
   * @throws dev.tarn.error.Unavailable when there are none, or they are out of reach
   * @throws dev.tarn.error.BadData when one cannot be read and bad files are not to be skipped
   */
  OpenedFiles open(FileScan files);

  /**
   * A query in the engine's SQL.
   *
   * @param tables plans by the names that the text may use for them; asked for every table name in
   *     the text
   * @throws dev.tarn.error.InvalidRequest when it is no query, with line and caret
   */
  Plan sql(String text, Parameters parameters, Tables tables);

  /** Runs a plan; rows come while it runs. */
  QueryResult run(Plan plan, RunOptions options);

  /** Runs a plan into files that are published whole or not at all. */
  WriteResult write(Plan plan, FileSink sink, RunOptions options);

  /** Runs a plan into the Parquet files of a table, which nothing names yet. */
  List<WrittenFile> writeDataFiles(Plan plan, DataFileSink sink, RunOptions options);

  /** One that has counted nothing yet. */
  Tally tally();

  /**
   * The footers of Parquet files, in the order of the paths.
   *
   * @param paths plain paths, no globs
   */
  List<ParquetFooter> footers(List<String> paths);

  /** How a plan would be run; not run, though sources may ask their servers. */
  QueryPlan explain(Plan plan, RunOptions options);

  /** Runs a plan, drops its rows, and says how it went. */
  QueryPlan explainAnalyze(Plan plan, RunOptions options);

  @Override
  void close();
}
