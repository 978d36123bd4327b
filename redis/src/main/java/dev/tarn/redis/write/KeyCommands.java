package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.Frame;
import dev.tarn.error.TarnException;
import dev.tarn.error.UnknownColumn;
import dev.tarn.io.BatchSource;
import dev.tarn.plan.Plan;
import dev.tarn.redis.IfExists;
import dev.tarn.redis.WriteReport;
import dev.tarn.redis.wire.Resp;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One command for each key of a frame. */
public final class KeyCommands {

  private static final int CONNECTIONS = 2;
  private static final long MEMORY = 16L << 20;
  private static final int BATCH_ROWS = 8192;

  private final Servers servers;
  private final String column;

  public KeyCommands(Servers servers, String column) {
    this.servers = servers;
    this.column = column;
  }

  /** Writes the command for a row. */
  private interface Row {
    void write(Resp out, byte[] key, Batch batch, int row);
  }

  /** Hears what is answered. */
  private interface Answer {
    void of(long row, @Nullable Object reply);
  }

  /** The sum of what is answered, by a command that answers the same when it is sent again. */
  public long count(Frame frame, String name, OptionalLong argument) {
    return count(frame, name, argument, Item.Again.SAFE);
  }

  /**
   * The sum of what is answered, by a command that says of what it has done only once that it did.
   */
  public long countOnce(Frame frame, String name) {
    return count(frame, name, OptionalLong.empty(), Item.Again.NEVER);
  }

  private long count(Frame frame, String name, OptionalLong argument, Item.Again again) {
    var sum = new LongAdder();
    Row row =
        (out, key, batch, i) -> {
          out.header(argument.isPresent() ? 3 : 2);
          out.bulk(name);
          out.bulk(key);
          argument.ifPresent(out::bulk);
        };
    run(frame, row, again, key -> {}, (i, reply) -> sum.add(reply instanceof Long n ? n : 0));
    return sum.sum();
  }

  public long rename(Frame frame, String newName) {
    int position = frame.schema().indexOf(newName);
    if (position < 0) {
      throw UnknownColumn.of("read", newName, "", frame.columns());
    }
    DataType type = frame.schema().fields().get(position).type();
    var sum = new LongAdder();
    Row row =
        (out, key, batch, i) -> {
          Vector names = batch.vector(position);
          if (names.isNull(i)) {
            throw new Unwritable("its new name is null");
          }
          out.header(3);
          out.bulk("RENAMENX");
          out.bulk(key);
          Values.add(out, type, names, i);
        };
    run(
        frame,
        row,
        Item.Again.NEVER,
        key -> {},
        (i, reply) -> sum.add(reply instanceof Long n ? n : 0));
    return sum.sum();
  }

  /** What is answered for each key, as a frame in memory. */
  public Frame ask(Frame frame, String name, String answer, DataType type) {
    boolean memory = name.equals("MEMORY");
    Row row =
        (out, key, batch, i) -> {
          out.header(memory ? 3 : 2);
          out.bulk(name);
          if (memory) {
            out.bulk("USAGE");
          }
          out.bulk(key);
        };
    Map<Long, Object> replies = new ConcurrentHashMap<>();
    var keys = new ArrayList<byte[]>();
    run(
        frame,
        row,
        Item.Again.SAFE,
        keys::add,
        (i, reply) -> {
          if (reply != null) {
            replies.put(i, reply instanceof byte[] text ? new String(text, US_ASCII) : reply);
          }
        });
    var values = new @Nullable Object[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = replies.get((long) i);
    }
    Schema schema = Schema.of("_key", DataType.VARCHAR, answer, type);
    var batch =
        new Batch(
            schema,
            values.length,
            List.of(new Vector.Utf8(keys.toArray(byte[][]::new)), Vector.of(type, values)));
    return Frame.of(
        new Plan.Scan(new BatchSource(answer + " of keys", schema, List.of(batch))),
        frame.engine());
  }

  /** Sends a command for each key, and tells of the keys in their order. */
  private void run(Frame frame, Row row, Item.Again again, Consumer<byte[]> sent, Answer answer) {
    Schema schema = frame.schema();
    int position = schema.indexOf(column);
    DataType type = schema.fields().get(position).type();
    var tally = new Heard(answer);
    long count = 0;
    var lanes = new Lanes(servers, tally, CONNECTIONS, MEMORY);
    try (lanes;
        QueryResult result =
            frame.engine().run(frame.plan(), RunOptions.DEFAULT.batchRows(BATCH_ROWS))) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        Vector names = batch.vector(position);
        for (int i = 0; i < batch.size() && !lanes.hasFailed(); i++) {
          if (!names.isNull(i)) {
            byte[] key = Values.bytes(type, names, i);
            send(lanes, tally, row, again, key, batch, i, count++);
            sent.accept(key);
          }
        }
      }
    }
    check(lanes, tally);
  }

  private static void send(
      Lanes lanes, Tally tally, Row row, Item.Again again, byte[] key, Batch batch, int i, long n) {
    Resp out = lanes.out(key);
    int begin = out.size();
    try {
      row.write(out, key, batch, i);
      lanes.add(new Item(key, Item.Form.COMMAND, again, begin, out.size(), 1, n));
    } catch (Unwritable e) {
      out.truncate(begin);
      tally.failed(key, e.reason(), true);
    }
  }

  private void check(Lanes lanes, Tally tally) {
    if (tally.failed.sum() + tally.uncertain.sum() > 0 || lanes.hasFailed()) {
      var report =
          new WriteReport(
              tally.written.sum(),
              tally.written.sum(),
              0,
              tally.failed.sum(),
              tally.uncertain.sum(),
              lanes.bytes(),
              lanes.connections(),
              lanes.reconnects().sum(),
              Duration.ZERO,
              !lanes.hasFailed(),
              tally.failures());
      throw error(tally, report, lanes.failure());
    }
  }

  private TarnException error(Tally tally, WriteReport report, @Nullable Throwable failure) {
    if (failure != null && !(failure instanceof TarnException)) {
      throw new IllegalStateException("Cannot treat keys", failure);
    }
    return tally.error("redis keys " + column, report, failure);
  }

  /** Hands on what is answered. */
  private static final class Heard extends Tally {
    private final Answer answer;

    Heard(Answer answer) {
      super(IfExists.FAIL, "The others are done.");
      this.answer = answer;
    }

    @Override
    public void done(Item item, @Nullable Object reply) {
      super.done(item, reply);
      if (item.tag() instanceof Long row) {
        answer.of(row, reply);
      }
    }
  }
}
