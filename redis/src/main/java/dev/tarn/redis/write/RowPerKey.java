package dev.tarn.redis.write;

import dev.tarn.redis.IfExists;
import dev.tarn.redis.wire.Resp;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.Field;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Hashes, documents and strings: each row is a key. */
final class RowPerKey implements RowWriter {

  private final Layout layout;
  private final Lanes lanes;
  private final Tally tally;
  private final IfExists mode;
  private final byte[][] names;
  private final List<Field> fields;
  private final Body body = new Body();
  private long rows;

  RowPerKey(Layout layout, Lanes lanes, Tally tally) {
    this.layout = layout;
    this.lanes = lanes;
    this.tally = tally;
    this.mode = layout.spec().ifExists();
    this.names = layout.names();
    this.fields = Arrays.stream(layout.values()).mapToObj(layout::field).toList();
  }

  @Override
  public void write(Batch batch) {
    List<Vector> values = Arrays.stream(layout.values()).mapToObj(batch::vector).toList();
    for (int row = 0; row < batch.size() && !lanes.hasFailed(); row++) {
      rows++;
      byte[] key;
      try {
        key = layout.key(batch, row);
      } catch (Unwritable e) {
        tally.failed("row %,d".formatted(rows), e.reason(), true);
        continue;
      }
      try {
        OptionalLong ttl = layout.ttlMillis(batch, row);
        body.clear();
        fill(values, row);
        send(key, ttl);
      } catch (Unwritable e) {
        tally.failed(key, e.reason(), true);
      }
    }
  }

  private void fill(List<Vector> values, int row) {
    switch (layout.spec().kind()) {
      case HASH -> hash(values, row);
      case JSON -> document(values, row);
      default -> {
        if (!values.getFirst().isNull(row)) {
          Values.add(body.argument(), fields.getFirst().type(), values.getFirst(), row);
        }
      }
    }
  }

  private void hash(List<Vector> values, int row) {
    body.command("HSET");
    boolean nulls = false;
    for (int i = 0; i < names.length; i++) {
      Vector vector = values.get(i);
      if (vector.isNull(row)) {
        nulls = true;
      } else {
        body.argument().bulk(names[i]);
        Values.add(body.argument(), fields.get(i).type(), vector, row);
        body.elementEnds();
      }
    }
    if (nulls && mode == IfExists.MERGE) {
      body.command("HDEL");
      for (int i = 0; i < names.length; i++) {
        if (values.get(i).isNull(row)) {
          body.argument().bulk(names[i]);
          body.elementEnds();
        }
      }
    }
  }

  private void document(List<Vector> values, int row) {
    boolean merges = mode == IfExists.MERGE;
    body.command(merges ? "JSON.MERGE" : "JSON.SET");
    byte[] document = JsonText.document(fields, values, row, merges);
    body.argument().bulk("$");
    body.argument().bulk(document);
  }

  private void send(byte[] key, OptionalLong ttl) {
    if (body.isEmpty() && mode != IfExists.REPLACE) {
      return;
    }
    Resp out = lanes.out(key);
    int begin = out.size();
    Assembly.Assembled whole =
        layout.spec().kind() == ValueKind.STRING
            ? Assembly.string(out, key, body, ttl, mode)
            : Assembly.of(out, key, body, ttl, mode);
    boolean isNew = mode == IfExists.KEEP || mode == IfExists.FAIL;
    lanes.add(
        new Item(
            key,
            whole.form(),
            isNew ? Item.Again.LOOK : Item.Again.SAFE,
            begin,
            out.size(),
            whole.replies(),
            null));
  }

  @Override
  public void end() {}
}
