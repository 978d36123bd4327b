package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** Answers of the search module, which has maps in RESP3 and lists of names and values in RESP2. */
final class Replies {

  private Replies() {}

  /** Names in lower case, with their values. */
  static Map<String, Object> map(@Nullable Object reply) {
    var map = new LinkedHashMap<String, Object>();
    Collection<?> parts = all(reply);
    String name = null;
    for (Object part : parts) {
      if (part instanceof KeyValue<?, ?> pair) {
        put(map, text(pair.getKey()), pair.getValue());
      } else if (name == null) {
        name = text(part);
      } else {
        put(map, name, part);
        name = null;
      }
    }
    return map;
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name.toLowerCase(java.util.Locale.ROOT), value);
    }
  }

  /** The elements of a list or a set; none of anything else. */
  static Collection<?> all(@Nullable Object reply) {
    return reply instanceof Collection<?> all ? all : List.of();
  }

  static List<String> texts(@Nullable Object reply) {
    return all(reply).stream().map(Replies::text).toList();
  }

  /** Empty for what is no text. */
  static String text(@Nullable Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, UTF_8);
      case Long number -> number.toString();
      case Double number -> number.toString();
      case null, default -> "";
    };
  }

  /** A count; -1 for what is none. */
  static long count(@Nullable Object reply) {
    return switch (reply) {
      case Long number -> number;
      case Double number -> number.isNaN() ? -1 : (long) Math.ceil(number);
      case byte[] bytes -> count(new String(bytes, UTF_8));
      case null, default -> -1;
    };
  }

  /** A number as C writes it; null for what is none. */
  static @Nullable Double number(@Nullable Object reply) {
    return switch (reply) {
      case Long number -> (double) number;
      case Double number -> number;
      case byte[] bytes -> number(new String(bytes, UTF_8));
      case null, default -> null;
    };
  }

  private static @Nullable Double number(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan", "-nan" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          yield null;
        }
      }
    };
  }

  private static long count(String text) {
    try {
      return (long) Math.ceil(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
