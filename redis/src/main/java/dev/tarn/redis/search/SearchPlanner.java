package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.LostConnection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether an index finds the keys of a query: if there is one that covers the pattern and
 * has all its keys, if it knows what the filters ask for, and if that costs less than a scan. For
 * one query.
 */
public final class SearchPlanner {

  private static final Command DBSIZE = Command.of("DBSIZE");

  private final Indexes indexes;
  private final ScanSpec spec;
  private final List<Expr> filters;
  private final LazyLink link;

  private SearchPlanner(Indexes indexes, ScanSpec spec, List<Expr> filters, LazyLink link) {
    this.indexes = indexes;
    this.spec = spec;
    this.filters = filters;
    this.link = link;
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
      return LazyLink.twice(
          indexes, link -> new SearchPlanner(indexes, spec, filters, link).decision());
    } catch (Doubtful e) {
      return Decision.none(e.why());
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

  private Decision decision() {
    List<RedisIndex> candidates;
    try {
      candidates = indexes.candidates(link, spec.options().index());
    } catch (Doubtful e) {
      return none(e.why());
    }
    var fit = new Fit(spec);
    SearchChoice best = null;
    List<String> left = List.of();
    Set<String> reasons = new LinkedHashSet<>();
    for (RedisIndex index : candidates) {
      String unusable = fit.unusable(index);
      if (!unusable.isEmpty()) {
        reasons.add("%s %s".formatted(index.name(), unusable));
        continue;
      }
      Translation translation = Translator.translate(filters, index, spec);
      reasons.addAll(translation.reasons());
      boolean better = best == null || translation.used().size() > best.used().size();
      if (!translation.isEmpty() && better) {
        best = SearchChoice.of(index, translation.query()).using(translation.used());
        left = translation.reasons();
      }
    }
    if (best == null) {
      String why = String.join("; ", reasons);
      boolean complete = candidates.stream().allMatch(RedisIndex::isComplete);
      return complete ? none(why) : Decision.none(why);
    }
    return weighed(best, left);
  }

  /** Says which index would find the keys, if another could. */
  private Decision none(String why) {
    Decision none = Decision.none(why);
    Catalog catalog = indexes.catalog(link, spec.options().index());
    boolean listed = catalog.module() == Catalog.Module.NEW;
    if (catalog.module() == Catalog.Module.NONE || (listed && indexes.database() != 0)) {
      return none;
    }
    List<String> taken = catalog.indexes().stream().map(RedisIndex::name).toList();
    Proposal other = Proposal.of(spec, filters, listed, taken);
    return other.isEmpty() ? none : none.with("one that would find them: " + other.made());
  }

  // ---- what it costs

  private Decision weighed(SearchChoice choice, List<String> reasons) {
    Estimate estimate = estimate(choice);
    if (!estimate.doubt().isEmpty()) {
      return Decision.none("%s: %s".formatted(choice.index().name(), estimate.doubt()));
    }
    long documents = Math.max(choice.index().documents(), estimate.matched());
    SearchChoice counted =
        choice.counted(estimate.matched(), documents).asOf(indexes.generation(choice.index()));
    String found =
        "%s · %,d of %,d keys".formatted(counted.command(), estimate.matched(), documents);
    if (!isWorth(counted, estimate.keys())) {
      return Decision.none("too many keys match: " + found);
    }
    CoverageCheck.require(indexes, link, choice.index(), spec);
    var notes = new ArrayList<>(List.of(found));
    reasons.forEach(reason -> notes.add("not looked for: " + reason));
    return new Decision(counted, notes);
  }

  private boolean isWorth(SearchChoice choice, long keys) {
    if (spec.options().indexUpTo().isPresent()) {
      return choice.matched() <= spec.options().indexUpTo().getAsDouble() * choice.documents();
    }
    boolean all = spec.pattern().isPrefix() && new Fit(spec).hasPrefix(choice.index());
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
    SearchReply found = new KeySearch(choice, link.get()).count();
    long keys = link.get().call(DBSIZE) instanceof Long n ? n : 0;
    var estimate = new Estimate(found.total(), keys, found.doubt());
    indexes.keep(key, estimate, start);
    return estimate;
  }
}
