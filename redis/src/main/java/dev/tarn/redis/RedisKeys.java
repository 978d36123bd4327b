package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.write.KeyCommands;
import dev.tarn.redis.write.TimeToLive;
import dev.tarn.type.DataType;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The keys that a column of a frame names. The frame is run anew by each method; keys are asked for
 * in pipelines, of all servers at once. Null is no key. What was sent before an error stays done.
 *
 * <p>All methods throw {@link dev.tarn.error.Unavailable} when servers are out of reach or deny it,
 * and {@link dev.tarn.error.BadData} when a key cannot be treated so; the other keys are.
 *
 * <p>Where a connection is lost, {@link #delete}, {@link #persist} and {@link #rename} do not send
 * again what was not answered: the second answer would be that there is nothing to do, and the key
 * not be counted. They end with Unavailable, which says how many keys that are; they are treated or
 * not, and may be treated again.
 */
public final class RedisKeys {

  private final KeyCommands commands;
  private final Frame frame;

  RedisKeys(Servers servers, Frame frame, String column) {
    this.commands = new KeyCommands(servers, column);
    this.frame = frame;
    if (frame.schema().indexOf(column) < 0) {
      throw dev.tarn.error.UnknownColumn.of("read", column, "", frame.columns());
    }
  }

  /**
   * Lets keys end.
   *
   * @return how many there were
   * @throws dev.tarn.error.InvalidRequest when the time is less than a millisecond, or more than
   *     some 73 million years
   */
  public long expire(Duration time) {
    TimeToLive.require(time, "let keys expire in");
    return commands.count(frame, "PEXPIRE", OptionalLong.of(time.toMillis()));
  }

  /**
   * Takes the end from keys.
   *
   * @return how many had one
   */
  public long persist() {
    return commands.countOnce(frame, "PERSIST");
  }

  /**
   * Removes keys with what they hold, which the server frees in the background.
   *
   * @return how many there were
   */
  public long delete() {
    return commands.countOnce(frame, "UNLINK");
  }

  /**
   * Gives keys the names in a column; a key that is there is never overwritten. In a cluster both
   * names must be in one slot.
   *
   * @return how many were renamed; the others' new names were taken
   */
  public long rename(String column) {
    return commands.rename(frame, column);
  }

  /**
   * The type of each key, by {@code _key}: hash, string, list, set, zset, stream; none for none.
   */
  public Frame types() {
    return commands.ask(frame, "TYPE", "type", DataType.VARCHAR);
  }

  /** Bytes that each key takes, about, by {@code _key}; null where it is not there. */
  public Frame memory() {
    return commands.ask(frame, "MEMORY", "bytes", DataType.BIGINT);
  }
}
