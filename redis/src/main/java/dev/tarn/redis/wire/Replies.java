package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/**
 * Reads answers, whichever protocol they came by: RESP3 has pairs and numbers where RESP2 has names
 * and values in turn, and texts.
 */
public final class Replies {

  private Replies() {}

  /** Names in lower case, with their values; those that are null are left out. */
  public static Map<String, Object> map(@Nullable Object reply) {
    var map = new LinkedHashMap<String, Object>();
    List<@Nullable Object> flat = flat(reply);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      Object value = flat.get(i + 1);
      if (value != null) {
        map.put(text(flat.get(i)).toLowerCase(Locale.ROOT), value);
      }
    }
    return map;
  }

  /** The value of a name, which is spelled as it is sent; null where it is not there. */
  public static @Nullable Object entry(@Nullable Object reply, String name) {
    List<@Nullable Object> flat = flat(reply);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      if (text(flat.get(i)).equals(name)) {
        return flat.get(i + 1);
      }
    }
    return null;
  }

  /** Names and values in turn, also where they come in pairs. */
  public static List<@Nullable Object> flat(@Nullable Object reply) {
    var flat = new ArrayList<@Nullable Object>();
    for (Object part : all(reply)) {
      boolean isName = flat.size() % 2 == 0;
      switch (part) {
        case KeyValue<?, ?> pair -> {
          flat.add(pair.getKey());
          flat.add(pair.getValue());
        }
        case List<?> pair when isName -> flat.addAll(pair);
        case null, default -> flat.add(part);
      }
    }
    return flat;
  }

  /** The elements of a list or a set; none of anything else. */
  public static Collection<?> all(@Nullable Object reply) {
    return reply instanceof Collection<?> all ? all : List.of();
  }

  public static List<String> texts(@Nullable Object reply) {
    return all(reply).stream().map(Replies::text).toList();
  }

  /** Empty for what is no text. */
  public static String text(@Nullable Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, UTF_8);
      case Long number -> number.toString();
      case Double number -> number.toString();
      case null, default -> "";
    };
  }

  /** A count; -1 for what is none. */
  public static long count(@Nullable Object reply) {
    return switch (reply) {
      case Long number -> number;
      case Double number -> number.isNaN() ? -1 : (long) Math.ceil(number);
      case byte[] bytes -> count(new String(bytes, UTF_8));
      case null, default -> -1;
    };
  }

  /** A number as C writes it; null for what is none. */
  public static @Nullable Double number(@Nullable Object reply) {
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
