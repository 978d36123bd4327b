package dev.tarn.lake;

import dev.tarn.type.DataType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Columns that stand in paths, as in {@code year=2024/region=north/part-0.parquet}. */
final class HiveKeys {

  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9]\\d{0,18}");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private final Map<String, Key> keys = new LinkedHashMap<>();

  /** A key, and its values by file; null for null. */
  private record Key(String name, Map<Path, @Nullable String> values) {}

  /** Takes in a file's path, from the adopted folder down. */
  void add(Path file, Path relative) {
    for (Path part : relative) {
      String text = part.toString();
      int equals = text.indexOf('=');
      if (equals > 0 && !part.equals(relative.getFileName())) {
        String name = decoded(text.substring(0, equals));
        String value = text.substring(equals + 1);
        keys.computeIfAbsent(name.toLowerCase(Locale.ROOT), k -> new Key(name, new HashMap<>()))
            .values()
            .put(file, value.equals(NULL) ? null : decoded(value));
      }
    }
  }

  /** As a percent sign that starts no code stands for itself, and a plus always does. */
  private static String decoded(String text) {
    try {
      return text.indexOf('%') < 0
          ? text
          : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  List<String> names() {
    return keys.values().stream().map(Key::name).toList();
  }

  /** The type that all values of a key have. */
  DataType type(String name) {
    List<String> values = key(name).values().values().stream().filter(Objects::nonNull).toList();
    if (values.isEmpty()) {
      return DataType.VARCHAR;
    }
    if (values.stream().allMatch(HiveKeys::isInt)) {
      return DataType.INTEGER;
    }
    if (values.stream().allMatch(HiveKeys::isLong)) {
      return DataType.BIGINT;
    }
    return values.stream().allMatch(HiveKeys::isDate) ? DataType.DATE : DataType.VARCHAR;
  }

  private Key key(String name) {
    return Objects.requireNonNull(keys.get(name.toLowerCase(Locale.ROOT)));
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return INTEGER.matcher(text).matches();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isInt(String text) {
    return isLong(text) && Long.parseLong(text) == (int) Long.parseLong(text);
  }

  private static boolean isDate(String text) {
    try {
      return DATE.matcher(text).matches() && LocalDate.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /**
   * A file's value of each key in the types of the columns; null for null, and where the path has
   * not got it.
   *
   * @throws IllegalArgumentException when one is no value of its type
   */
  List<@Nullable Object> values(Path file, List<DataType> types) {
    var values = new ArrayList<@Nullable Object>();
    int i = 0;
    for (Key key : keys.values()) {
      String text = key.values().get(file);
      DataType type = types.get(i++);
      values.add(text == null ? null : parsed(text, type));
    }
    return values;
  }

  private static Object parsed(String text, DataType type) {
    try {
      return switch (type) {
        case DataType.Simple.INTEGER -> Integer.valueOf(text);
        case DataType.Simple.BIGINT -> Long.valueOf(text);
        case DataType.Simple.DATE -> LocalDate.parse(text);
        default -> text;
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
