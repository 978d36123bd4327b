package dev.tarn.redis.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes hashes under a prefix, and removes them. They expire by themselves in any case. */
public final class Filler {

  private static final Command HSET = Command.of("HSET");
  private static final Command EXPIRE = Command.of("EXPIRE");
  private static final Command UNLINK = Command.of("UNLINK");
  private static final byte[] SECONDS = "3600".getBytes(US_ASCII);
  private static final int TOGETHER = 1000;

  private final Servers servers;
  private final String prefix;

  public Filler(Servers servers, String prefix) {
    this.servers = servers;
    this.prefix = prefix;
  }

  /** Writes hashes with the keys prefix and 0, 1, … and with fields f0, f1, …. */
  public void fill(long count, int fields) {
    servers.assignment();
    each(
        count,
        (link, number) -> {
          var arguments = new ArrayList<byte[]>();
          arguments.add(key(number));
          for (int i = 0; i < fields; i++) {
            arguments.add(("f" + i).getBytes(US_ASCII));
            arguments.add(value(number, i).getBytes(US_ASCII));
          }
          link.send(HSET, arguments.toArray(byte[][]::new));
          link.send(EXPIRE, key(number), SECONDS);
          return 2;
        });
  }

  /** Removes what {@link #fill} wrote, or began to write. */
  public void clear(long count) {
    each(
        count,
        (link, number) -> {
          link.send(UNLINK, key(number));
          return 1;
        });
  }

  /** Text, numbers and decimals in turn. */
  private static String value(long number, int field) {
    return switch (field % 3) {
      case 0 -> "text " + (number * 31 + field) % 100_000;
      case 1 -> Long.toString(number * 7 + field);
      default -> Double.toString(number / 8.0);
    };
  }

  private byte[] key(long number) {
    return (prefix + number).getBytes(US_ASCII);
  }

  /** Sends commands for a key; says how many. */
  private interface Work {
    int on(Link link, long number);
  }

  private void each(long count, Work work) {
    var links = new LinkedHashMap<Node, Link>();
    try {
      for (long start = 0; start < count; start += TOGETHER) {
        var sent = new LinkedHashMap<Link, Integer>();
        for (long i = start; i < Math.min(count, start + TOGETHER); i++) {
          Link link = links.computeIfAbsent(servers.holding(key(i)), servers::connect);
          sent.merge(link, work.on(link, i), Integer::sum);
        }
        sent.forEach(Filler::awaitAnswers);
      }
    } catch (LostConnection e) {
      throw new Unavailable(
          "Cannot write keys to measure with: %s. Those that are there expire in an hour. [%s]"
              .formatted(e.getMessage(), servers.name()),
          e);
    } finally {
      links.values().forEach(Link::close);
    }
  }

  private static void awaitAnswers(Link link, int count) {
    List<ServerError> errors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (link.reply() instanceof ServerError error) {
        errors.add(error);
      }
    }
    if (!errors.isEmpty()) {
      throw new Unavailable(
          "Cannot write keys to measure with: the server at %s answered: %s. Measure with keys that are there instead."
              .formatted(link.address(), errors.getFirst().message()));
    }
  }

  /** The columns of the hashes, by name. */
  public static Map<String, dev.tarn.type.DataType> columns(int fields) {
    var columns = new LinkedHashMap<String, dev.tarn.type.DataType>();
    for (int i = 0; i < fields; i++) {
      columns.put(
          "f" + i,
          switch (i % 3) {
            case 0 -> dev.tarn.type.DataType.VARCHAR;
            case 1 -> dev.tarn.type.DataType.BIGINT;
            default -> dev.tarn.type.DataType.DOUBLE;
          });
    }
    return columns;
  }
}
