package dev.tarn.redis.search;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SearchCondition;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.VectorOptions;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanColumn;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.wire.LostConnection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Searches whose rows an index alone can tell: a query that was written by hand, and conditions
 * such as {@code matches(…)}. No scan can take their place.
 */
public final class RequiredSearch {

  /** The server's own limit: near the poles it knows no places. */
  private static final double MOST_LATITUDE = 85.05112878;

  /** A server does nothing else while it looks for some hundred thousand words. */
  private static final int MOST_WORDS = 1000;

  private final Indexes indexes;
  private final ScanSpec spec;
  private final boolean scored;
  private final LazyLink link;

  private RequiredSearch(Indexes indexes, ScanSpec spec, boolean scored, LazyLink link) {
    this.indexes = indexes;
    this.spec = spec;
    this.scored = scored;
    this.link = link;
  }

  // ---- what may be asked

  /**
   * The same table with only the rows for which conditions are true besides.
   *
   * @param indexes null where there are none
   * @throws InvalidRequest when no index could be asked so
   */
  public static ScanSpec narrowed(
      @Nullable Indexes indexes, ScanSpec spec, List<Expr.Search> conditions) {
    if (indexes == null || (spec.type() != KeyType.HASH && spec.type() != KeyType.JSON)) {
      throw refused(
          spec, conditions, "no index is of " + spec.type().plural(), "Only hashes and JSON have.");
    }
    if (spec.searched() != null) {
      throw refused(
          spec, conditions, "the rows are those of a query", "Write the condition into the query.");
    }
    if (indexes.servers().isCluster()) {
      throw refused(
          spec,
          conditions,
          "it could not be known whether all servers of the cluster answered",
          "Filter by what the engine can compute.");
    }
    if (spec.options().indexUpTo().orElse(1) == 0) {
      throw refused(spec, conditions, "the options say to use no index", "Leave that out.");
    }
    var all = new ArrayList<>(spec.conditions());
    all.addAll(conditions);
    conditions.forEach(search -> requirePossible(spec, search));
    boolean last = all.subList(0, all.size() - 1).stream().noneMatch(RequiredSearch::isNearest);
    boolean alone = conditions.size() == 1 || conditions.stream().noneMatch(c -> isNearest(c));
    if (!last || !alone) {
      throw refused(
          spec,
          conditions,
          "the nearest would be others than those that are meant",
          "Filter by the other conditions first, and then by nearest(…) in a filter of its own, once.");
    }
    return spec.where(all);
  }

  private static boolean isNearest(Expr.Search search) {
    return search.condition() instanceof SearchCondition.Nearest;
  }

  private static void requirePossible(ScanSpec spec, Expr.Search search) {
    switch (search.condition()) {
      case SearchCondition.Words(String text) when WordQuery.of(text).isEmpty() ->
          throw refused(spec, List.of(search), "there is no word in it", "Give one at least.");
      case SearchCondition.Words(String text) when WordQuery.of(text).size() > MOST_WORDS ->
          throw refused(
              spec,
              List.of(new Expr.Search(search.column(), new SearchCondition.Words("…"))),
              "there are more than %,d words in it".formatted(MOST_WORDS),
              "The server would look for them for long. Give fewer.");
      case SearchCondition.Near near when Math.abs(near.latitude()) > MOST_LATITUDE ->
          throw refused(
              spec,
              List.of(search),
              "Redis knows places from latitude -%s to %s".formatted(MOST_LATITUDE, MOST_LATITUDE),
              "Give one of those.");
      default -> {}
    }
  }

  private static InvalidRequest refused(
      ScanSpec spec, List<Expr.Search> conditions, String why, String what) {
    return new InvalidRequest(
        "Cannot filter by %s: %s. %s [%s]".formatted(text(conditions), why, what, spec.name()));
  }

  private static String text(List<Expr.Search> conditions) {
    return conditions.stream().map(Expr.Search::toString).collect(Collectors.joining(" and "));
  }

  // ---- what is asked

  /**
   * What finds the rows of a table that has a query or conditions.
   *
   * @param filters that the engine checks: each is true for all rows that are needed
   * @param scored whether the score of each row is wanted
   * @throws InvalidRequest when no index can tell, or does not take the query
   * @throws Unavailable when the server cannot be asked
   */
  public static Decision decide(
      Indexes indexes, ScanSpec spec, List<Expr> filters, boolean scored) {
    return asked(
        indexes, spec, link -> new RequiredSearch(indexes, spec, scored, link).decision(filters));
  }

  /** The first keys of a table that is a query. */
  static FoundKeys first(Indexes indexes, ScanSpec spec, int most) {
    return asked(
        indexes,
        spec,
        link -> {
          SearchChoice choice =
              new RequiredSearch(indexes, spec, false, link).decision(List.of()).choice();
          SearchReply found = new KeySearch(requireNonNull(choice), link.get()).first(most);
          return new FoundKeys(link.node(), found.keys(), found.keys().size() >= found.total());
        });
  }

  private static <T> T asked(Indexes indexes, ScanSpec spec, Function<LazyLink, T> search) {
    try {
      return LazyLink.twice(indexes, search);
    } catch (Doubtful e) {
      throw refused(spec, spec.conditions(), "no index can tell: " + e.why(), howToMakeOne(spec));
    } catch (LostConnection e) {
      throw new Unavailable(
          "Cannot search [%s]: %s. Check that the server runs. [%s]"
              .formatted(spec.name(), e.getMessage(), indexes.servers().name()),
          e);
    }
  }

  private static String howToMakeOne(ScanSpec spec) {
    String fields =
        spec.conditions().stream()
            .map(c -> c.column().name() + " as " + type(c.condition()))
            .distinct()
            .collect(Collectors.joining(" and "));
    return "Make one of %s with %s by createIndex(…), or name one by index(…)."
        .formatted(spec.pattern(), fields);
  }

  private static IndexField.Type type(SearchCondition condition) {
    return switch (condition) {
      case SearchCondition.Words words -> IndexField.Type.TEXT;
      case SearchCondition.Near near -> IndexField.Type.GEO;
      case SearchCondition.Nearest nearest -> IndexField.Type.VECTOR;
    };
  }

  private Decision decision(List<Expr> filters) {
    Searched searched = spec.searched();
    if (searched != null) {
      return counted(SearchChoice.required(searched.index(), searched.query(), scored), List.of());
    }
    var fit = new Fit(spec);
    var reasons = new LinkedHashSet<String>();
    for (RedisIndex index : indexes.candidates(link, spec.options().index())) {
      String unusable = fit.unusable(index);
      if (!unusable.isEmpty()) {
        reasons.add("%s %s".formatted(index.name(), unusable));
        continue;
      }
      try {
        List<QueryText> parts = parts(new Fields(index, spec), fit);
        CoverageCheck.require(indexes, link, index, spec);
        return found(index, parts, filters);
      } catch (Doubtful e) {
        reasons.add(e.why());
      }
    }
    throw new Doubtful(String.join("; ", reasons));
  }

  /** The conditions in the language of an index. */
  private List<QueryText> parts(Fields fields, Fit fit) {
    var parts = new ArrayList<QueryText>();
    for (Expr.Search search : spec.conditions()) {
      parts.add(part(fields, fit, search));
    }
    return parts;
  }

  private QueryText part(Fields fields, Fit fit, Expr.Search search) {
    RedisIndex index = fields.index();
    if (isNearest(search) && !index.followsKeys()) {
      throw new Doubtful("version 1 of the search module has no vectors");
    }
    IndexField found = field(fields, search);
    String field = found.name();
    return switch (search.condition()) {
      case SearchCondition.Words(String text) -> WordQuery.of(text).in(field, !index.followsKeys());
      case SearchCondition.Near near -> QueryText.near(field, near);
      case SearchCondition.Nearest nearest -> {
        if (!fit.isExact(index)) {
          throw new Doubtful(
              "%s has other keys than %s, which may be nearer"
                  .formatted(index.name(), spec.pattern()));
        }
        found.vectors().ifPresent(vectors -> requireSize(fields, found, vectors, nearest));
        yield QueryText.nearest(field, nearest.count());
      }
    };
  }

  private static void requireSize(
      Fields fields, IndexField field, VectorOptions vectors, SearchCondition.Nearest nearest) {
    if (vectors.dimensions() != nearest.vector().size()) {
      throw new Doubtful(
          "%s: %s has vectors of %,d numbers, and that has %,d"
              .formatted(
                  field.name(),
                  fields.index().name(),
                  vectors.dimensions(),
                  nearest.vector().size()));
    }
  }

  private IndexField field(Fields fields, Expr.Search search) {
    ScanColumn column = fields.column(search.column());
    if (column == null) {
      throw new Doubtful("column %s is no field".formatted(search.column().name()));
    }
    IndexField.Type type = type(search.condition());
    IndexField field = fields.find(column, type);
    if (field == null) {
      throw new Doubtful(
          "%s: %s has it as no %s".formatted(column.name(), fields.index().name(), type));
    }
    return field;
  }

  /** Older servers do not tell what vectors are made of: nearly always it is this. */
  private QueryVector queryVector(
      RedisIndex index, Expr.Search search, SearchCondition.Nearest nearest) {
    IndexField field = field(new Fields(index, spec), search);
    return new QueryVector(
        nearest,
        field.vectors().map(VectorOptions::precision).orElse(VectorOptions.Precision.FLOAT32));
  }

  private Decision found(RedisIndex index, List<QueryText> parts, List<Expr> filters) {
    Expr.Search last = spec.conditions().getLast();
    if (last.condition() instanceof SearchCondition.Nearest nearest) {
      List<QueryText> of = parts.subList(0, parts.size() - 1);
      QueryText nothing = nothing(index, of);
      String query =
          nothing == null
              ? (of.isEmpty() ? "*" : "(" + QueryText.all(of).text() + ")") + parts.getLast().text()
              : nothing.text();
      SearchChoice choice = SearchChoice.required(index, query, scored);
      return counted(
          nothing == null ? choice.nearest(queryVector(index, last, nearest)) : choice, List.of());
    }
    // what else is looked for would be part of the score
    Translation others = scored ? Translation.NONE : Translator.translate(filters, index, spec);
    var all = new ArrayList<>(parts);
    all.addAll(others.parts());
    QueryText nothing = all.size() == 1 ? null : nothing(index, parts);
    String query = (nothing == null ? QueryText.all(all) : nothing).text();
    return counted(
        SearchChoice.required(index, query, scored).using(others.used()), others.reasons());
  }

  /**
   * The words of which the index has no row; null where there are none such. Words that the index
   * leaves out find nothing, but among others they would not count at all.
   */
  private @Nullable QueryText nothing(RedisIndex index, List<QueryText> parts) {
    for (int i = 0; i < parts.size(); i++) {
      boolean words = spec.conditions().get(i).condition() instanceof SearchCondition.Words;
      SearchChoice alone = SearchChoice.required(index, parts.get(i).text(), false);
      if (words && new KeySearch(alone, link.get()).count().total() == 0) {
        return parts.get(i);
      }
    }
    return null;
  }

  private Decision counted(SearchChoice choice, List<String> left) {
    SearchReply found = new KeySearch(choice, link.get()).count();
    if (found.total() < 0) {
      throw new InvalidRequest(
          "Cannot search %s for %s: the server answered: %s. Check the query. [%s]"
              .formatted(
                  choice.index().name(), choice.query(), found.doubt(), indexes.servers().name()));
    }
    SearchChoice counted =
        choice
            .counted(found.total(), choice.index().documents())
            .asOf(indexes.generation(choice.index()));
    var notes =
        new ArrayList<>(List.of("%s · %,d keys".formatted(counted.command(), found.total())));
    left.forEach(reason -> notes.add("not looked for: " + reason));
    return new Decision(counted, notes);
  }
}
