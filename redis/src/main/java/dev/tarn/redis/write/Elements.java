package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.redis.wire.EntryId;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import java.util.List;

/** Adds rows as elements of a key to what is done to it. Used by one thread. */
final class Elements {

  private final Layout layout;
  private final Body body;
  private final byte[][] names;
  private EntryId last = EntryId.ZERO;

  Elements(Layout layout, Body body) {
    this.layout = layout;
    this.body = body;
    this.names = layout.names();
  }

  /** A key begins. */
  void begin() {
    last = EntryId.ZERO;
    continues();
  }

  /** The commands of a key go on. */
  void continues() {
    switch (layout.spec().kind()) {
      case SET -> body.command("SADD");
      case LIST -> body.command("RPUSH");
      case SORTED_SET -> body.command("ZADD");
      default -> {}
    }
  }

  /**
   * Adds one; null is none.
   *
   * @throws Unwritable when it cannot be one
   */
  void add(Batch batch, int row) {
    if (layout.spec().kind() == ValueKind.STREAM) {
      entry(batch, row);
      return;
    }
    int column = layout.values()[0];
    Vector values = batch.vector(column);
    if (values.isNull(row)) {
      return;
    }
    if (layout.spec().kind() == ValueKind.SORTED_SET) {
      body.argument().bulk(score(batch, row));
    }
    Values.add(body.argument(), layout.field(column).type(), values, row);
    body.elementEnds();
  }

  private byte[] score(Batch batch, int row) {
    Object value = batch.value(row, layout.order());
    String name = layout.field(layout.order()).name();
    if (!(value instanceof Number number)) {
      throw new Unwritable("column %s, the score, is %s".formatted(name, value));
    }
    double score = number.doubleValue();
    if (Double.isNaN(score)) {
      throw new Unwritable("column %s, the score, is NaN".formatted(name));
    }
    String text = Double.isInfinite(score) ? score > 0 ? "inf" : "-inf" : Double.toString(score);
    return text.getBytes(US_ASCII);
  }

  private void entry(Batch batch, int row) {
    List<Vector> vectors = batch.vectors();
    int[] columns = layout.values();
    boolean some = false;
    for (int column : columns) {
      some |= !vectors.get(column).isNull(row);
    }
    if (!some) {
      throw new Unwritable("an entry has no value");
    }
    body.command("XADD");
    body.argument().bulk(id(batch, row));
    for (int i = 0; i < columns.length; i++) {
      Vector vector = vectors.get(columns[i]);
      if (!vector.isNull(row)) {
        body.argument().bulk(names[i]);
        Values.add(body.argument(), layout.field(columns[i]).type(), vector, row);
      }
    }
    body.end();
  }

  private String id(Batch batch, int row) {
    if (layout.order() < 0) {
      return "*";
    }
    Object value = batch.value(row, layout.order());
    if (value == null) {
      throw new Unwritable(
          "column %s, the entry's id, is null".formatted(layout.field(layout.order()).name()));
    }
    EntryId id = EntryId.parse(value.toString());
    if (id == null || id.compareTo(last) <= 0) {
      throw new Unwritable(
          "an entry's id is '%s' after %s: ids are numbers as 5-1, and grow"
              .formatted(value, last));
    }
    last = id;
    body.stopAtFirst(); // ids grow: where the first is not too small, none is
    return id.toString();
  }
}
