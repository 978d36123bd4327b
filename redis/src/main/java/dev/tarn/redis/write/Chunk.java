package dev.tarn.redis.write;

import dev.tarn.redis.wire.Resp;
import java.util.ArrayList;
import java.util.List;

/** Items that are sent at once. Filled by one thread, then handed over to another. */
final class Chunk {

  private final Resp out;
  private final List<Item> items = new ArrayList<>();
  private int acknowledged;
  private int permits;

  Chunk(int capacity) {
    this.out = new Resp(capacity);
  }

  Resp out() {
    return out;
  }

  List<Item> items() {
    return items;
  }

  boolean isDone() {
    return acknowledged == items.size();
  }

  Item next() {
    return items.get(acknowledged);
  }

  List<Item> rest() {
    return items.subList(acknowledged, items.size());
  }

  /** Whether a transaction is in it, or a part of one. */
  boolean transacts() {
    return items.stream()
        .anyMatch(item -> item.form() == Item.Form.TRANSACTION || item.form().isPart());
  }

  void acknowledge() {
    acknowledged++;
  }

  int permits() {
    return permits;
  }

  void permits(int count) {
    permits = count;
  }
}
