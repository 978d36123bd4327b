package dev.tarn.lake;

import dev.tarn.Columns;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Options and partition transforms, to be imported statically. */
public final class Options {

  private Options() {}

  // ---- partition transforms

  public static Transform identity(String column) {
    return new Transform(Transform.Kind.IDENTITY, column, 0);
  }

  public static Transform year(String column) {
    return new Transform(Transform.Kind.YEAR, column, 0);
  }

  public static Transform month(String column) {
    return new Transform(Transform.Kind.MONTH, column, 0);
  }

  public static Transform day(String column) {
    return new Transform(Transform.Kind.DAY, column, 0);
  }

  public static Transform hour(String column) {
    return new Transform(Transform.Kind.HOUR, column, 0);
  }

  /** Rows by a hash of the column, in so many buckets. */
  public static Transform bucket(int buckets, String column) {
    return new Transform(Transform.Kind.BUCKET, column, buckets);
  }

  /** Texts by their first characters; numbers by multiples of the width. */
  public static Transform truncate(int width, String column) {
    return new Transform(Transform.Kind.TRUNCATE, column, width);
  }

  // ---- of a dataset

  public static Option.PartitionedBy partitionedBy(Transform... transforms) {
    return new Option.PartitionedBy(List.of(transforms));
  }

  /** The order of rows within files: column names or sort keys. */
  public static Option.SortedBy sortedBy(Object... keys) {
    return new Option.SortedBy(SortKey.all(keys));
  }

  public static Option.Compression compression(Codec codec) {
    return new Option.Compression(codec, OptionalInt.empty());
  }

  /** Only ZSTD is written with levels, 1 to 22. */
  public static Option.Compression compression(Codec codec, int level) {
    return new Option.Compression(codec, OptionalInt.of(level));
  }

  /**
   * For {@code append}: notes, with the rows in one commit, how far a source has been read. Where
   * the dataset's cursor is another than the one given, nothing is appended and the append ends as
   * {@link dev.tarn.error.CommitConflict}: so that rows come once, whoever else appends them.
   *
   * @param name of the source
   * @param from as {@link Dataset#cursor} was; empty where there was none
   */
  public static Option.Cursor cursor(String name, Optional<String> from, String to) {
    return new Option.Cursor(name, from, to);
  }

  /** About how large a file gets; 256 MiB unless said. */
  public static Option.TargetSize targetSize(long bytes) {
    return new Option.TargetSize(bytes);
  }

  /** Columns in which null is refused. */
  public static Option.Required required(String... columns) {
    return new Option.Required(List.of(columns));
  }

  // ---- of a write

  /** Lets a write add the columns that the dataset lacks, and widen those that are too narrow. */
  public static Option.Evolve evolve() {
    return new Option.Evolve();
  }

  /** Cuts nanoseconds off; else a remainder of nanoseconds is refused. */
  public static Option.TruncateNanos truncateNanos() {
    return new Option.TruncateNanos();
  }

  /** An SQL predicate. */
  public static Expr where(String sqlPredicate) {
    return new Expr.SqlText(sqlPredicate);
  }

  /** A column's new value in an update: a value or an expression over the row's old values. */
  public static Expr.Alias set(String column, Object value) {
    return Expr.of(value).as(column);
  }

  /** A column's new value in an update, null for null. */
  public static Expr.Alias setNull(String column) {
    return Columns.lit(null).as(column);
  }

  // ---- of a compaction

  public static Option.ZOrder zorder(String... columns) {
    return new Option.ZOrder(List.of(columns));
  }

  /** Compacts only what can hold a row for which the predicate is true: a partition, a period. */
  public static Option.Where only(Expr predicate) {
    return new Option.Where(predicate);
  }

  /** So many bytes are rewritten by one commit at most; 10 GiB unless said. */
  public static Option.BytesAtOnce bytesAtOnce(long bytes) {
    return new Option.BytesAtOnce(bytes);
  }

  /** So many files are rewritten by one commit at most; 1,000 unless said. */
  public static Option.FilesAtOnce filesAtOnce(int files) {
    return new Option.FilesAtOnce(files);
  }

  /** Rewrites files of a good size too, as a new order of rows needs it. */
  public static Option.RewriteAll rewriteAll() {
    return new Option.RewriteAll();
  }

  /** Says what would be done, and does nothing. */
  public static Option.DryRun dryRun() {
    return new Option.DryRun();
  }
}
