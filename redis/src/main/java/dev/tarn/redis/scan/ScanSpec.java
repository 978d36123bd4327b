package dev.tarn.redis.scan;

import dev.tarn.expr.Expr;
import dev.tarn.redis.Samples;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.search.Searched;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is scanned: a table.
 *
 * @param columns all there are, in order
 * @param samples what is read of time series; of no meaning for other types
 * @param searched what finds the keys, and no pattern does; null for the pattern
 * @param conditions what else must be true of them, as a search index tells
 */
public record ScanSpec(
    KeyType type,
    KeyPattern pattern,
    List<ScanColumn> columns,
    ScanOptions options,
    Samples samples,
    @Nullable Searched searched,
    List<Expr.Search> conditions) {

  public ScanSpec {
    columns = List.copyOf(columns);
    conditions = List.copyOf(conditions);
  }

  /** The same columns of the keys that a query finds. */
  public ScanSpec of(Searched query) {
    return new ScanSpec(type, pattern, columns, options, samples, query, conditions);
  }

  /** The same with other fields for columns of fields, by the columns' names. */
  public ScanSpec withSources(UnaryOperator<String> source) {
    List<ScanColumn> others =
        columns.stream()
            .map(c ->
                c.role() == Role.FIELD
                    ? new ScanColumn(c.name(), c.type(), c.role(), source.apply(c.name()))
                    : c)
            .toList();
    return new ScanSpec(type, pattern, others, options, samples, searched, conditions);
  }

  /** The same with conditions that an index tells. */
  public ScanSpec where(List<Expr.Search> all) {
    return new ScanSpec(type, pattern, columns, options, samples, searched, all);
  }

  /** Whether nothing but an index tells which rows it has. */
  public boolean isSearched() {
    return searched != null || !conditions.isEmpty();
  }

  /** What the column with the key is called; empty where there is none. */
  public Optional<String> keyColumn() {
    return columns.stream()
        .filter(column -> column.role() == Role.KEY)
        .map(ScanColumn::name)
        .findFirst();
  }

  /** The same for a look at some keys: it has their column, and nobody is told of the scan. */
  public ScanSpec ofSome(String key) {
    var more = new ArrayList<>(columns);
    if (keyColumn().isEmpty()) {
      more.add(ScanColumn.of(key, DataType.VARCHAR, Role.KEY));
    }
    return new ScanSpec(
        type, pattern, more, options.onReport(report -> {}), samples, searched, conditions);
  }

  Schema schema() {
    return new Schema(columns.stream().map(ScanColumn::field).toList());
  }

  /** What it is called in messages. */
  public String name() {
    if (searched != null) {
      return "redis search %s %s".formatted(searched.index().name(), searched.query());
    }
    String where =
        conditions.stream().map(Expr.Search::toString).collect(Collectors.joining(" and "));
    return "redis %s %s%s"
        .formatted(type.plural(), pattern, where.isEmpty() ? "" : " where " + where);
  }
}
