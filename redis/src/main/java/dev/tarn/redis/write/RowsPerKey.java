package dev.tarn.redis.write;

import dev.tarn.redis.IfExists;
import dev.tarn.redis.wire.Resp;
import dev.tarn.spi.Batch;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sets, lists, sorted sets and streams: rows of a key, which come one after another, are its
 * elements. A key that is larger than some bytes is sent in parts.
 */
final class RowsPerKey implements RowWriter {

  private static final int MOST_ELEMENTS = 100_000;

  private final Layout layout;
  private final Lanes lanes;
  private final Tally tally;
  private final IfExists mode;
  private final Elements elements;
  private final long mostBytes;
  private final Body body = new Body();

  private byte @Nullable [] key;
  private OptionalLong ttl = OptionalLong.empty();
  private boolean inParts;
  private @Nullable String unwritable;
  private long rows;

  RowsPerKey(Layout layout, Lanes lanes, Tally tally) {
    this.layout = layout;
    this.lanes = lanes;
    this.tally = tally;
    this.mode = layout.spec().ifExists();
    this.elements = new Elements(layout, body);
    this.mostBytes = Math.min(8 << 20, layout.spec().memory() / 8);
  }

  @Override
  public void write(Batch batch) {
    for (int row = 0; row < batch.size() && !lanes.hasFailed(); row++) {
      rows++;
      try {
        byte[] next = layout.key(batch, row);
        if (!Arrays.equals(next, key)) {
          end();
          begin(next);
        }
      } catch (Unwritable e) {
        tally.failed("row %,d".formatted(rows), e.reason(), true);
        continue;
      }
      if (unwritable == null) {
        add(batch, row);
      }
    }
  }

  private void begin(byte[] next) {
    key = next;
    ttl = OptionalLong.empty();
    inParts = false;
    unwritable = null;
    body.clear();
    elements.begin();
  }

  private void add(Batch batch, int row) {
    try {
      OptionalLong ofRow = layout.ttlMillis(batch, row);
      ttl = ofRow.isPresent() ? ofRow : ttl;
      elements.add(batch, row);
    } catch (Unwritable e) {
      unwritable = e.reason();
      return;
    }
    if (body.size() > mostBytes || body.total() > MOST_ELEMENTS) {
      part();
    }
  }

  /** Makes room. What only adds need not be there at once. */
  private void part() {
    byte[] name = key;
    if (name == null) {
      return;
    }
    body.end();
    if (mode == IfExists.MERGE) {
      whole(name);
    } else {
      if (!inParts) {
        lanes.separate(name);
      }
      Resp out = lanes.out(name);
      int begin = out.size();
      int replies =
          inParts
              ? Assembly.commands(out, name, body)
              : Assembly.first(out, name, body, mode == IfExists.REPLACE);
      var form = inParts ? Item.Form.PART : Item.Form.FIRST_PART;
      lanes.add(new Item(name, form, again(), begin, out.size(), replies, null));
      inParts = true;
    }
    body.clear();
    elements.continues();
  }

  private void whole(byte[] name) {
    Resp out = lanes.out(name);
    int begin = out.size();
    Assembly.Assembled whole = Assembly.of(out, name, body, ttl, mode);
    lanes.add(new Item(name, whole.form(), again(), begin, out.size(), whole.replies(), null));
  }

  /**
   * Of lists others take elements, and one without any is no key: that it is not there says
   * nothing.
   */
  private Item.Again again() {
    ValueKind kind = layout.spec().kind();
    return switch (mode) {
      case REPLACE -> Item.Again.SAFE;
      case KEEP, FAIL -> kind == ValueKind.LIST ? Item.Again.COMPARE : Item.Again.LOOK;
      case MERGE ->
          switch (kind) {
            case LIST -> Item.Again.NEVER;
            case STREAM -> Item.Again.IF_ABSENT;
            default -> Item.Again.SAFE;
          };
    };
  }

  /** Ends the key that has been begun. */
  @Override
  public void end() {
    byte[] name = key;
    key = null;
    if (name == null) {
      return;
    }
    if (inParts) {
      last(name);
    } else if (unwritable != null) {
      tally.failed(name, unwritable, true);
    } else if (!body.isEmpty() || mode == IfExists.REPLACE) {
      whole(name);
    }
  }

  private void last(byte[] name) {
    body.end();
    Resp out = lanes.out(name);
    int begin = out.size();
    int replies =
        unwritable == null
            ? Assembly.commands(out, name, body) + Assembly.last(out, name, ttl)
            : Assembly.discard(out);
    var form = unwritable == null ? Item.Form.LAST_PART : Item.Form.DISCARD;
    lanes.add(new Item(name, form, again(), begin, out.size(), replies, unwritable));
  }
}
