package dev.tarn.spi;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.type.Schema;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where rows come from. The engine asks it for a {@link Scan} each time a query uses it, and checks
 * every filter again: a source can save work but never change a result. Safe for use by several
 * threads.
 */
public interface Source {

  /** What it is called in messages and plans, without secrets. */
  String name();

  /** Its columns. Costs no I/O: a source finds out when it is made. */
  Schema schema();

  /**
   * Whether the filters and columns of a request can save it work. Only then is a query probed for
   * them, which takes a few milliseconds; else a request names all columns and no filter.
   */
  default boolean usesRequests() {
    return false;
  }

  /** About how many rows it has, if that is known without I/O. */
  default OptionalLong rowEstimate() {
    return OptionalLong.empty();
  }

  /**
   * The source as it stands now. A query asks once for each of its sources, equal ones together, so
   * that all its uses of one see the same version; what is returned is asked for scans.
   */
  default Source pinned() {
    return this;
  }

  /**
   * Whether it may answer aggregates by itself. Only then is a query searched for them, which takes
   * a millisecond or two.
   */
  default boolean aggregates() {
    return false;
  }

  /**
   * What it says to an aggregate over its rows. The answer must be the engine's own, for nobody
   * checks it: in doubt, decline, and the query reads the rows as any other.
   */
  default AggregateAnswer aggregate(AggregateRequest request) {
    return new AggregateAnswer.Declined("the source cannot aggregate");
  }

  /**
   * The source with only the rows for which these conditions are true besides, as an index of its
   * own tells: the engine cannot check them again.
   *
   * @param conditions of a single filter, on its columns; one at least
   * @throws InvalidRequest when it has no index, or none that could be asked so
   */
  default Source searching(List<Expr.Search> conditions) {
    throw new InvalidRequest(
        "Cannot filter by %s: [%s] has no index to be searched. Filter a frame of hashes or JSON documents of Redis."
            .formatted(conditions.getFirst(), name()));
  }

  /** What to read to answer a request. Called once for each use in a query, when it runs. */
  Scan plan(ScanRequest request);
}
