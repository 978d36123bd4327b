package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a key is as commands would make it, had it not been there before. */
final class Written {

  private static final byte[] ALL = "0".getBytes(UTF_8);
  private static final byte[] LAST = "-1".getBytes(UTF_8);

  private Written() {}

  /** Asks a server. */
  interface Asked {
    @Nullable Object ask(Command command, byte[]... arguments);
  }

  /** The commands that {@link Assembly}'s script would do. */
  static List<Request> ofScript(Request script) {
    byte[][] words = script.arguments();
    var commands = new ArrayList<Request>();
    for (int i = 5; i < words.length; ) {
      int count = Integer.parseInt(new String(words[i], US_ASCII));
      var arguments = new byte[count + 1][];
      arguments[0] = words[2];
      System.arraycopy(words, i + 2, arguments, 1, count);
      commands.add(new Request(Command.of(new String(words[i + 1], US_ASCII)), arguments));
      i += 2 + count;
    }
    return commands;
  }

  static boolean matches(byte[] key, List<Request> commands, Asked server) {
    var elements = new ArrayList<byte[]>();
    for (Request request : commands) {
      byte[][] arguments = request.arguments();
      elements.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    }
    return switch (commands.getFirst().command().toString()) {
      case "SET" ->
          server.ask(Command.GET, key) instanceof byte[] value
              && Arrays.equals(value, elements.getFirst());
      case "HSET" -> pairs(elements).equals(pairs(Replies.flat(server.ask(Command.HGETALL, key))));
      case "SADD" ->
          set(elements).equals(set(Replies.flat(server.ask(Command.of("SMEMBERS"), key))));
      case "RPUSH" ->
          list(elements).equals(list(Replies.flat(server.ask(Command.LRANGE, key, ALL, LAST))));
      case "ZADD" -> scores(elements, true).equals(scores(members(key, server), false));
      default -> false;
    };
  }

  private static List<?> members(byte[] key, Asked server) {
    return Replies.flat(
        server.ask(Command.of("ZRANGE"), key, ALL, LAST, "WITHSCORES".getBytes(US_ASCII)));
  }

  private static ByteBuffer buffer(@Nullable Object value) {
    return ByteBuffer.wrap(value instanceof byte[] bytes ? bytes : new byte[0]);
  }

  private static List<ByteBuffer> list(List<?> values) {
    return values.stream().map(Written::buffer).toList();
  }

  private static Set<ByteBuffer> set(List<?> values) {
    return new HashSet<>(list(values));
  }

  private static Map<ByteBuffer, ByteBuffer> pairs(List<?> values) {
    var pairs = new HashMap<ByteBuffer, ByteBuffer>();
    for (int i = 0; i + 1 < values.size(); i += 2) {
      pairs.put(buffer(values.get(i)), buffer(values.get(i + 1)));
    }
    return pairs;
  }

  private static Map<ByteBuffer, Double> scores(List<?> values, boolean scoreFirst) {
    var scores = new HashMap<ByteBuffer, Double>();
    for (int i = 0; i + 1 < values.size(); i += 2) {
      Object member = values.get(scoreFirst ? i + 1 : i);
      scores.put(buffer(member), score(values.get(scoreFirst ? i : i + 1)));
    }
    return scores;
  }

  private static double score(@Nullable Object value) {
    Double number = Replies.number(value);
    return number == null ? Double.NaN : number;
  }
}
