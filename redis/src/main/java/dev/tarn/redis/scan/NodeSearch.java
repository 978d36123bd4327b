package dev.tarn.redis.scan;

import dev.tarn.error.LimitExceeded;
import dev.tarn.redis.search.KeySearch;
import dev.tarn.redis.search.SearchChoice;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;

/**
 * Asks an index of a server for keys, in place of {@link NodeScan}. Where it may not have answered
 * with all, the scan follows, and leaves out the keys that were found.
 */
final class NodeSearch {

  /** All keys come at once, before it is known how large their values are. */
  private static final int LEAST_BATCH = 500;

  private final ScanRun run;
  private final SearchChoice choice;
  private final Node node;
  private final ChunkQueue queue;

  NodeSearch(ScanRun run, SearchChoice choice, Node node, ChunkQueue queue) {
    this.run = run;
    this.choice = choice;
    this.node = node;
    this.queue = queue;
  }

  /** Whether all keys were found. */
  boolean isDone() {
    var feed = new KeyFeed(run, queue);
    String doubt;
    try (Opened opened = run.open(node)) {
      doubt =
          new KeySearch(choice, opened.link())
              .keys((keys, scores) -> {
                for (int i = 0; i < scores.size(); i++) {
                  run.relevance().put(keys.get(i), scores.get(i));
                }
                int batch = Math.max(LEAST_BATCH, run.tuner().batchSize());
                for (byte[] key : keys) { // the first are read while the others are looked at
                  found(key, feed);
                  if (feed.size() == batch) {
                    feed.handOver(batch);
                  }
                }
                feed.handOver(batch);
                return !run.isOver() && !run.hasEnoughRows();
              });
    } catch (LostConnection e) {
      doubt = String.valueOf(e.getMessage());
    }
    if (doubt.isEmpty() || run.isOver()) {
      run.rounds().searched(choice.index().name());
      return true;
    }
    if (choice.required()) {
      throw new LimitExceeded(
          "Cannot read [%s]: the index %s may not have answered with all: %s. Make the query find fewer, or filter a frame of the keys."
              .formatted(run.spec().name(), choice.index().name(), doubt));
    }
    run.rounds().searched("%s, given up: %s".formatted(choice.index().name(), doubt));
    return false;
  }

  /** An index does not know which of a scan's narrower patterns is meant. */
  private void found(byte[] key, KeyFeed feed) {
    if (run.selection().match().matches(key)) {
      feed.found(key);
    }
  }
}
