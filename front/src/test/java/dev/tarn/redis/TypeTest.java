package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.redis.CommandLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What tests of types have in common: both protocols, and values that nobody expects. */
abstract class TypeTest extends RedisTest {

  static final String PROTOCOL_2 = "?protocol=2";
  static final String PROTOCOL_3 = "?protocol=3";

  /** Runs something over connections of each protocol. */
  void inBothProtocols(Check check) throws Exception {
    for (String protocol : List.of(PROTOCOL_2, PROTOCOL_3)) {
      try (Redis open = Redis.open(server.url() + protocol, tarn.engine())) {
        check.run(open);
      } catch (AssertionError e) {
        throw new AssertionError(protocol + ": " + e.getMessage(), e);
      }
    }
  }

  interface Check {
    void run(Redis redis) throws Exception;
  }

  static List<Row> rows(Frame frame) {
    return frame.collect().stream().toList();
  }

  /** The same rows whether the source hears of the filter or not; returns them. */
  List<String> sameWithoutPushdown(Frame frame, Expr filter) {
    List<String> pushed = texts(rows(frame.filter(filter)));
    List<String> kept = texts(rows(tarn.rows(frame.collect()).filter(filter)));
    assertThat(pushed).as(filter.toString()).isEqualTo(kept);
    return pushed;
  }

  static List<String> texts(List<Row> rows) {
    return rows.stream().map(row -> row.toMap().toString()).sorted().toList();
  }

  static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  static List<List<String>> sent(String name, Run run) throws Exception {
    try (CommandLog log = server.record()) {
      run.run();
      return log.commands(name);
    }
  }

  interface Run {
    void run() throws Exception;
  }

  static void send(List<Object[]> commands) throws Exception {
    try (var client = server.client()) {
      for (int i = 0; i < commands.size(); i += 10_000) {
        for (Object reply :
            client.pipeline(commands.subList(i, Math.min(commands.size(), i + 10_000)))) {
          assertThat(reply).isNotInstanceOf(RuntimeException.class);
        }
      }
    }
  }

  /** A command with many arguments. */
  static Object[] command(List<?> arguments, Object... first) {
    var all = new ArrayList<Object>(Arrays.asList(first));
    all.addAll(arguments);
    return all.toArray();
  }

  static String hostile(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> "";
      case 1 -> "a\r\nb\n*3\r\n$3\r\nSET\r\n";
      case 2 -> "'; DROP \"x\" \\ --";
      case 3 -> "Zoë 😀 \u0000 " + random.nextInt(50);
      case 4 -> "{\"a\":[1,null]}" + random.nextInt(50);
      case 5 -> "x".repeat(random.nextInt(3000));
      default -> "m" + random.nextInt(100_000);
    };
  }
}
