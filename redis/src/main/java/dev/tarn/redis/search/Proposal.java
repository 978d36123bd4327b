package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.expr.Children;
import dev.tarn.expr.Expr;
import dev.tarn.redis.IndexAdvice;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Role;
import dev.tarn.redis.scan.ScanColumn;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An index that is not there, and would help a query: with the fields that its filters, or its
 * aggregate, need and no others. What an index can do is asked of those who would use it.
 *
 * @param index as it would be
 * @param missing fields of it that no index of these keys has together with the others
 * @param used filters that it would find
 * @param aggregates whether it would answer the query's aggregate
 * @param reasons why it could do no more
 */
public record Proposal(
    RedisIndex index,
    List<IndexField> missing,
    List<Expr> used,
    boolean aggregates,
    List<String> reasons) {

  public Proposal {
    missing = List.copyOf(missing);
    used = List.copyOf(used);
    reasons = List.copyOf(reasons);
  }

  /** Whether there is nothing to be made. */
  public boolean isEmpty() {
    return index.fields().isEmpty();
  }

  /**
   * The index that filters would use.
   *
   * @param taken names that it cannot have
   */
  static Proposal of(
      ScanSpec spec, List<Expr> filters, boolean followsKeys, Collection<String> taken) {
    Set<String> named = named(filters);
    RedisIndex all = ofColumns(spec, followsKeys, taken, column -> named.contains(column.name()));
    if (!followsKeys && spec.type() != KeyType.HASH) {
      return new Proposal(with(all, List.of()), List.of(), List.of(), false, List.of())
          .because("version 1 of the search module indexes hashes alone");
    }
    Translation wanted = Translator.translate(filters, all, spec);
    RedisIndex least = least(all, index -> finds(index, filters, spec, wanted));
    return new Proposal(least, least.fields(), wanted.used(), false, left(wanted));
  }

  /**
   * The index that filters and an aggregate would use; that of the filters where the aggregate
   * would use none.
   *
   * @throws dev.tarn.error.Unavailable when the server cannot be asked what it has
   */
  public static Proposal of(
      Indexes indexes, ScanSpec spec, List<Expr> filters, @Nullable AggregateRequest aggregate) {
    Catalog catalog = new IndexAdmin(indexes).catalog(spec.options().index());
    boolean followsKeys = catalog.module() != Catalog.Module.OLD;
    List<String> taken = catalog.indexes().stream().map(RedisIndex::name).toList();
    Proposal found =
        aggregate == null || spec.type() != KeyType.HASH
            ? of(spec, filters, followsKeys, taken)
            : ofAggregate(indexes, spec, aggregate, of(spec, filters, followsKeys, taken), taken);
    return switch (catalog.module()) {
      case NONE -> found.because("the server has no search module, which is to be loaded first");
      case OLD -> found.without(catalog.indexes());
      case NEW ->
          indexes.database() == 0
              ? found.without(catalog.indexes())
              : found.because("indexes are of database 0, and this is another");
    };
  }

  private static Proposal ofAggregate(
      Indexes indexes,
      ScanSpec spec,
      AggregateRequest request,
      Proposal ofFilters,
      Collection<String> taken) {
    RedisIndex all = ofColumns(spec, ofFilters.index().followsKeys(), taken, column -> true);
    String unfit = AggregatePlanner.unfit(indexes, spec, request, all);
    if (!unfit.isEmpty()) {
      return ofFilters.because("not aggregated there: " + unfit);
    }
    Translation wanted = Translator.translate(request.filters(), all, spec);
    RedisIndex least =
        least(
            all,
            index ->
                finds(index, request.filters(), spec, wanted)
                    && AggregatePlanner.unfit(indexes, spec, request, index).isEmpty());
    return new Proposal(least, least.fields(), wanted.used(), true, left(wanted));
  }

  private Proposal because(String reason) {
    var more = new ArrayList<>(reasons);
    more.add(reason);
    return new Proposal(index, missing, used, aggregates, more);
  }

  /** The one of the same keys that has most of the fields has the others missing. */
  private Proposal without(List<RedisIndex> there) {
    List<IndexField> least =
        there.stream()
            .filter(other -> !other.followsKeys() || other.prefixes().equals(index.prefixes()))
            .map(this::missing)
            .min(Comparator.comparingInt(List::size))
            .orElse(missing);
    return new Proposal(index, least, used, aggregates, reasons);
  }

  private List<IndexField> missing(RedisIndex other) {
    return index.fields().stream()
        .filter(field ->
            other.fields().stream()
                .noneMatch(f -> f.path().equals(field.path()) && f.type() == field.type()))
        .toList();
  }

  private static List<String> left(Translation wanted) {
    return wanted.reasons().stream().map(reason -> "left to the engine: " + reason).toList();
  }

  private static boolean finds(
      RedisIndex index, List<Expr> filters, ScanSpec spec, Translation wanted) {
    return Translator.translate(filters, index, spec).query().equals(wanted.query());
  }

  /** With no field that it could do without. */
  private static RedisIndex least(RedisIndex all, Predicate<RedisIndex> serves) {
    RedisIndex least = all;
    for (IndexField field : all.fields()) {
      var others = new ArrayList<>(least.fields());
      others.remove(field);
      RedisIndex less = with(least, others);
      least = serves.test(less) ? less : least;
    }
    return least;
  }

  private static RedisIndex with(RedisIndex index, List<IndexField> fields) {
    return new RedisIndex(
        index.name(), index.keyType(), index.prefixes(), false, fields, 0, false, 0);
  }

  /** Queries hear of this whenever no index serves them: only what they speak of is looked at. */
  private static Set<String> named(List<Expr> filters) {
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    for (Expr filter : filters) {
      Children.walk(
          filter,
          expr -> {
            if (expr instanceof Expr.Column column) {
              names.add(column.name());
            }
          });
    }
    return names;
  }

  private static RedisIndex ofColumns(
      ScanSpec spec, boolean followsKeys, Collection<String> taken, Predicate<ScanColumn> which) {
    String prefix = new String(spec.pattern().prefix(), UTF_8);
    return new RedisIndex(
        name(spec, prefix, taken),
        followsKeys ? Optional.of(spec.type()) : Optional.empty(),
        List.of(prefix),
        false,
        spec.columns().stream()
            .filter(column -> column.role() == Role.FIELD && which.test(column))
            .flatMap(column -> field(column, spec.type() == KeyType.JSON).stream())
            .toList(),
        0,
        false,
        0);
  }

  /** The one that the scan asks for, or one called after its keys. */
  private static String name(ScanSpec spec, String prefix, Collection<String> taken) {
    String base = prefix.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
    String name = (base.isEmpty() ? "keys" : base) + "_idx";
    String wanted = spec.options().index().orElse(name);
    String free = taken.contains(wanted) ? name : wanted;
    for (int i = 2; taken.contains(free); i++) {
      free = name + i;
    }
    return free;
  }

  private static Optional<IndexField> field(ScanColumn column, boolean json) {
    String path = column.source();
    String source = json ? column.name() : path;
    DataType type = column.type();
    if (Numeric.of(type).isPresent()) {
      return Optional.of(IndexField.numeric(source).at(path));
    }
    boolean words =
        type.equals(DataType.VARCHAR)
            || type.equals(DataType.BOOLEAN)
            || type instanceof DataType.EnumOf;
    return words ? Optional.of(IndexField.tag(source).at(path)) : Optional.empty();
  }

  // ---- how it is made

  /** What makes it, in a few words. */
  String made() {
    return index.followsKeys()
        ? call()
        : "%s, FT.ADDHASH for each hash, and index(%s)".formatted(command(), quoted(index.name()));
  }

  private String call() {
    String fields = index.fields().stream().map(Proposal::called).collect(Collectors.joining(", "));
    return "redis.createIndex(%s, %s, %s)"
        .formatted(quoted(index.name()), quoted(index.prefixes().getFirst()), fields);
  }

  private static String called(IndexField field) {
    String made =
        "IndexField.%s(%s)"
            .formatted(
                field.type() == IndexField.Type.NUMERIC ? "numeric" : "tag", quoted(field.name()));
    return field.path().equals(field.name()) ? made : made + ".at(" + quoted(field.path()) + ")";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private String command() {
    return SearchCommands.shown(
        IndexAdmin.FT_CREATE,
        index.followsKeys()
            ? IndexAdmin.words(index.name(), index.prefixes(), index.fields())
            : IndexAdmin.oldWords(index.name(), index.fields()));
  }

  /** For people. */
  public IndexAdvice.Proposed shown() {
    var sql = new ExprSql(DuckDbDialect.DUCKDB);
    return new IndexAdvice.Proposed(
        index.name(),
        index.prefixes().getFirst(),
        index.fields(),
        index.followsKeys(),
        aggregates,
        used.stream().map(sql::text).toList(),
        call(),
        command());
  }
}
