package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an index finds the keys of a query: if there is one that covers the pattern and
 * has all its keys, if it knows what the filters ask for, and if that costs less than a scan. For
 * one query.
 */
public final class SearchPlanner implements AutoCloseable {

  private static final Command DBSIZE = Command.of("DBSIZE");

  private final Indexes indexes;
  private final ScanSpec spec;
  private final List<Expr> filters;
  private @Nullable Borrowed connection;

  private SearchPlanner(Indexes indexes, ScanSpec spec, List<Expr> filters) {
    this.indexes = indexes;
    this.spec = spec;
    this.filters = filters;
  }

  /** Asks the server as little as it takes. What fails here is left to the scan. */
  public static Decision decide(Indexes indexes, ScanSpec spec, List<Expr> filters) {
    if (filters.isEmpty() || !isSearchable(spec)) {
      return Decision.SILENT;
    }
    Optional<String> impossible = impossible(indexes, spec);
    if (impossible.isPresent()) {
      return Decision.none(impossible.get());
    }
    if (indexes.areKnownToBeNone()) {
      return Decision.none("the server has no search module");
    }
    try {
      return twice(indexes, spec, filters, SearchPlanner::decision);
    } catch (LostConnection e) {
      return Decision.none(String.valueOf(e.getMessage()));
    }
  }

  /** Why no index would be used, whatever it had; empty where one could be. */
  public static Optional<String> impossible(Indexes indexes, ScanSpec spec) {
    if (!isSearchable(spec)) {
      return Optional.of("only hashes and JSON documents are indexed");
    }
    if (spec.options().indexUpTo().orElse(1) == 0) {
      return Optional.of("the options say so");
    }
    return indexes.servers().isCluster()
        ? Optional.of("it could not be known whether all servers of the cluster answered")
        : Optional.empty();
  }

  private static boolean isSearchable(ScanSpec spec) {
    return spec.type() == KeyType.HASH || spec.type() == KeyType.JSON;
  }

  /** A connection that was kept may be one that has ended meanwhile. */
  private static Decision twice(
      Indexes indexes,
      ScanSpec spec,
      List<Expr> filters,
      Function<SearchPlanner, Decision> decision) {
    try (var planner = new SearchPlanner(indexes, spec, filters)) {
      return decision.apply(planner);
    } catch (LostConnection first) {
      try (var planner = new SearchPlanner(indexes, spec, filters)) {
        return decision.apply(planner);
      }
    }
  }

  /**
   * What a query that was written by hand finds.
   *
   * @throws InvalidRequest when the index does not take it
   * @throws Unavailable when the server cannot be asked
   */
  public static Decision byHand(Indexes indexes, ScanSpec spec, Searched searched) {
    try {
      return twice(indexes, spec, List.of(), planner -> planner.found(searched));
    } catch (LostConnection e) {
      throw new Unavailable(
          "Cannot search %s: %s. Check that the server runs. [%s]"
              .formatted(searched.index().name(), e.getMessage(), indexes.servers().name()),
          e);
    }
  }

  private Decision found(Searched searched) {
    var choice = new SearchChoice(searched.index(), searched.query(), 0, 0, List.of(), true);
    SearchReply found = new KeySearch(choice, link()).count();
    if (found.total() < 0) {
      throw new InvalidRequest(
          "Cannot search %s for %s: the server answered: %s. Check the query. [%s]"
              .formatted(
                  searched.index().name(),
                  searched.query(),
                  found.doubt(),
                  indexes.servers().name()));
    }
    SearchChoice counted = choice.counted(found.total(), searched.index().documents());
    return new Decision(
        counted, List.of("%s · %,d keys".formatted(counted.command(), found.total())));
  }

  private Decision decision() {
    Optional<String> named = spec.options().index();
    Catalog catalog = indexes.catalog(this::link, named);
    switch (catalog.module()) {
      case NONE -> {
        return Decision.none("the server has no search module");
      }
      case OLD -> {
        if (named.isEmpty()) {
          return none(
              "version 1 of the search module does not list its indexes; name one by index(…)",
              catalog);
        }
      }
      case NEW -> {
        if (indexes.database() != 0) {
          return Decision.none("indexes are of database 0");
        }
      }
    }
    List<RedisIndex> candidates =
        catalog.indexes().stream()
            .filter(index -> named.isEmpty() || index.name().equals(named.get()))
            .toList();
    if (candidates.isEmpty()) {
      return none(
          named.map(name -> "there is no index " + name).orElse("there is no index"), catalog);
    }
    return best(candidates, catalog);
  }

  /** Says which index would find the keys, if another could. */
  private Decision none(String why, Catalog catalog) {
    List<String> taken = catalog.indexes().stream().map(RedisIndex::name).toList();
    Proposal other = Proposal.of(spec, filters, catalog.module() == Catalog.Module.NEW, taken);
    Decision none = Decision.none(why);
    return other.isEmpty() ? none : none.with("one that would find them: " + other.made());
  }

  private Decision best(List<RedisIndex> candidates, Catalog catalog) {
    SearchChoice best = null;
    List<String> left = List.of();
    Set<String> reasons = new LinkedHashSet<>();
    for (RedisIndex index : candidates) {
      String unusable = unusable(index);
      if (!unusable.isEmpty()) {
        reasons.add("%s %s".formatted(index.name(), unusable));
        continue;
      }
      Translation translation = Translator.translate(filters, index, spec);
      reasons.addAll(translation.reasons());
      boolean better = best == null || translation.used().size() > best.used().size();
      if (!translation.isEmpty() && better) {
        best = new SearchChoice(index, translation.query(), 0, 0, translation.used(), false);
        left = translation.reasons();
      }
    }
    if (best == null) {
      String why = String.join("; ", reasons);
      boolean complete = candidates.stream().allMatch(RedisIndex::isComplete);
      return complete ? none(why, catalog) : Decision.none(why);
    }
    return weighed(best, left);
  }

  /** Empty for an index that has all keys of the pattern. */
  private String unusable(RedisIndex index) {
    if (index.followsKeys()) {
      if (!index.keyType().equals(Optional.of(spec.type()))) {
        return "is of no " + spec.type().plural();
      }
      if (!covers(index)) {
        return "does not cover " + spec.pattern();
      }
    } else if (spec.type() != KeyType.HASH) {
      return "is of no " + spec.type().plural();
    }
    if (index.indexing()) {
      return "is not ready yet";
    }
    if (index.failures() != 0) {
      return "could not take %,d documents".formatted(index.failures());
    }
    return index.conditional() ? "leaves out documents by an expression" : "";
  }

  private boolean covers(RedisIndex index) {
    byte[] pattern = spec.pattern().prefix();
    return index.prefixes().stream()
        .map(prefix -> prefix.getBytes(UTF_8))
        .anyMatch(prefix ->
            prefix.length <= pattern.length
                && Arrays.equals(prefix, 0, prefix.length, pattern, 0, prefix.length));
  }

  // ---- what it costs

  private Decision weighed(SearchChoice choice, List<String> reasons) {
    Estimate estimate = estimate(choice);
    if (!estimate.doubt().isEmpty()) {
      return Decision.none("%s: %s".formatted(choice.index().name(), estimate.doubt()));
    }
    long documents = Math.max(choice.index().documents(), estimate.matched());
    SearchChoice counted = choice.counted(estimate.matched(), documents);
    String found =
        "%s · %,d of %,d keys".formatted(counted.command(), estimate.matched(), documents);
    if (!isWorth(counted, estimate.keys())) {
      return Decision.none("too many keys match: " + found);
    }
    if (!indexes.isCovered(choice.index(), spec.pattern().toString())) {
      String missing = new CoverageCheck(link(), choice.index(), spec).missing();
      if (!missing.isEmpty()) {
        return Decision.none("%s does not have %s".formatted(choice.index().name(), missing));
      }
      indexes.covered(choice.index(), spec.pattern().toString());
    }
    var notes = new ArrayList<>(List.of(found));
    reasons.forEach(reason -> notes.add("not looked for: " + reason));
    return new Decision(counted, notes);
  }

  private boolean isWorth(SearchChoice choice, long keys) {
    if (spec.options().indexUpTo().isPresent()) {
      return choice.matched() <= spec.options().indexUpTo().getAsDouble() * choice.documents();
    }
    boolean all =
        spec.pattern().isPrefix()
            && choice.index().prefixes().stream()
                .anyMatch(prefix -> Arrays.equals(prefix.getBytes(UTF_8), spec.pattern().prefix()));
    return Costs.favourIndex(choice.matched(), choice.documents(), keys, all || choice.isOld());
  }

  /**
   * How much there is.
   *
   * @param doubt why it could not be counted; empty where it was
   */
  private record Estimate(long matched, long keys, String doubt) {}

  /** Counted anew after some seconds, or after a minute where it takes long. */
  private Estimate estimate(SearchChoice choice) {
    var key = List.of("count", choice.index().name(), choice.query());
    if (indexes.kept(key) instanceof Estimate known) {
      return known;
    }
    long start = System.nanoTime();
    SearchReply found = new KeySearch(choice, link()).count();
    long keys = link().call(DBSIZE) instanceof Long n ? n : 0;
    var estimate = new Estimate(found.total(), keys, found.doubt());
    indexes.keep(key, estimate, start);
    return estimate;
  }

  private Link link() {
    Borrowed open = connection == null ? indexes.connect() : connection;
    connection = open;
    return open.link();
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
