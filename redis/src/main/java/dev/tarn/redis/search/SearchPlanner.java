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
    boolean searchable = spec.type() == KeyType.HASH || spec.type() == KeyType.JSON;
    if (filters.isEmpty() || !searchable) {
      return Decision.SILENT;
    }
    if (spec.options().indexUpTo().orElse(1) == 0) {
      return Decision.none("the options say so");
    }
    if (indexes.servers().isCluster()) {
      return Decision.none("it could not be known whether all servers of the cluster answered");
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

  private Decision decision() {
    var fit = new Fit(spec);
    SearchChoice best = null;
    List<String> left = List.of();
    Set<String> reasons = new LinkedHashSet<>();
    for (RedisIndex index : indexes.candidates(link, spec.options().index())) {
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
      return Decision.none(String.join("; ", reasons));
    }
    return weighed(best, left);
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
