package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values that the driver has no chunk reader for, by way of text: DuckDB casts them, nested ones to
 * the same shape with texts as leaves and then to JSON, and here they become objects again.
 */
final class TextValues {

  private static final Pattern DATE = Pattern.compile("(\\d+)-(\\d\\d)-(\\d\\d)( \\(BC\\))?");
  private static final Pattern MOMENT =
      Pattern.compile("(\\d+-\\d\\d-\\d\\d) ([\\d:.]+)([+-][\\d:]+)?( \\(BC\\))?");
  private static final Pattern TIME_ZONED = Pattern.compile("([\\d:.]+)([+-][\\d:]+)");

  /** What stands for infinity, which Java's days do not have. */
  private static final LocalDate LAST_DAY = LocalDate.ofEpochDay(Integer.MAX_VALUE);

  private static final LocalDate FIRST_DAY = LocalDate.ofEpochDay(-Integer.MAX_VALUE);

  private TextValues() {}

  // ---- what is asked of DuckDB

  /** The column as VARCHAR in the form that {@link #parse} reads. */
  static String sql(DataType type, String column) {
    return isNested(type)
        ? "CAST(to_json(CAST(%s AS %s)) AS VARCHAR)".formatted(column, shape(type))
        : "CAST(%s AS VARCHAR)".formatted(column);
  }

  static boolean isNested(DataType type) {
    return switch (type) {
      case DataType.ListOf t -> true;
      case DataType.ArrayOf t -> true;
      case DataType.MapOf t -> true;
      case DataType.Struct t -> true;
      case DataType.Simple t -> false;
      case DataType.Decimal t -> false;
      case DataType.EnumOf t -> false;
      case DataType.Other t -> false;
    };
  }

  /** The type with texts as leaves. */
  private static DataType shape(DataType type) {
    return switch (type) {
      case DataType.ListOf t -> new DataType.ListOf(shape(t.element()));
      case DataType.ArrayOf t -> new DataType.ArrayOf(shape(t.element()), t.length());
      case DataType.MapOf t -> new DataType.MapOf(shape(t.key()), shape(t.value()));
      case DataType.Struct t ->
          new DataType.Struct(
              t.fields().stream().map(f -> new Field(f.name(), shape(f.type()))).toList());
      case DataType.Simple t -> DataType.VARCHAR;
      case DataType.Decimal t -> DataType.VARCHAR;
      case DataType.EnumOf t -> DataType.VARCHAR;
      case DataType.Other t -> DataType.VARCHAR;
    };
  }

  // ---- what is handed to DuckDB

  /** A value as a text that DuckDB casts to its type. */
  static String text(Object value) {
    return switch (value) {
      case byte[] bytes -> escaped(bytes);
      case LocalDate date when date.equals(LAST_DAY) -> "infinity";
      case LocalDate date when date.equals(FIRST_DAY) -> "-infinity";
      case LocalDate date -> withoutPlus(date);
      case LocalDateTime time -> withoutPlus(time);
      case OffsetDateTime time -> withoutPlus(time);
      case OffsetTime time -> DateTimeFormatter.ISO_OFFSET_TIME.format(time); // with its seconds
      default -> value.toString();
    };
  }

  /** Java writes a plus sign in front of years after 9999, which DuckDB does not read. */
  private static String withoutPlus(Object time) {
    String text = time.toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  /** Bytes as DuckDB writes them itself; see {@link #bytes}. */
  private static String escaped(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b >= ' ' && b <= '~' && b != '\\') {
        text.append((char) b);
      } else {
        text.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return text.toString();
  }

  /** A column of JSON texts, in which {@link Json#print} wrote values of a nested type, as them. */
  static String restored(DataType type, String column) {
    DataType carried = carried(type);
    String value = "CAST(%s::JSON AS %s)".formatted(column, carried);
    return carried.equals(type) ? value : "CAST(%s AS %s)".formatted(value, type);
  }

  /**
   * The type with texts in place of what DuckDB does not read from JSON as it is there: it would
   * take the escapes of bytes for themselves, a JSON text for a string, and round the numbers in
   * one that is not quoted.
   */
  private static DataType carried(DataType type) {
    return switch (type) {
      case DataType.ListOf t -> new DataType.ListOf(carried(t.element()));
      case DataType.ArrayOf t -> new DataType.ArrayOf(carried(t.element()), t.length());
      case DataType.MapOf t ->
          new DataType.MapOf(
              isNested(t.key()) ? DataType.VARCHAR : carried(t.key()), carried(t.value()));
      case DataType.Struct t ->
          new DataType.Struct(
              t.fields().stream().map(f -> new Field(f.name(), carried(f.type()))).toList());
      case DataType.Simple.BLOB, DataType.Simple.JSON, DataType.Simple.BIT -> DataType.VARCHAR;
      case DataType.Simple t -> t;
      case DataType.Decimal t -> t;
      case DataType.EnumOf t -> t;
      case DataType.Other t -> DataType.VARCHAR;
    };
  }

  // ---- what comes back

  /** A value of a type from its text. */
  static Object parse(DataType type, String text) {
    if (!isNested(type)) {
      return leaf(type, text);
    }
    Object value = nested(type, Json.parse(text));
    if (value == null) {
      throw new BadData("Cannot read %s: '%s' is no value of it.".formatted(type, text));
    }
    return value;
  }

  private static @Nullable Object nested(DataType type, @Nullable Object json) {
    if (json == null) {
      return null;
    }
    return switch (type) {
      case DataType.ListOf t -> elements(t.element(), Json.array(json));
      case DataType.ArrayOf t -> elements(t.element(), Json.array(json));
      case DataType.Struct t -> members(t, Json.object(json));
      case DataType.MapOf t -> entries(t, json);
      case DataType.Simple t -> leaf(type, json.toString());
      case DataType.Decimal t -> leaf(type, json.toString());
      case DataType.EnumOf t -> leaf(type, json.toString());
      case DataType.Other t -> leaf(type, json.toString());
    };
  }

  private static List<@Nullable Object> elements(DataType type, List<?> json) {
    var elements = new ArrayList<@Nullable Object>(json.size());
    json.forEach(element -> elements.add(nested(type, element)));
    return elements;
  }

  private static Map<String, @Nullable Object> members(DataType.Struct type, Map<?, ?> json) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    for (Field field : type.fields()) {
      members.put(field.name(), nested(field.type(), json.get(field.name())));
    }
    return members;
  }

  private static Map<@Nullable Object, @Nullable Object> entries(DataType.MapOf type, Object json) {
    var entries = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    Json.object(json)
        .forEach((key, value) ->
            entries.put(key(type.key(), String.valueOf(key)), nested(type.value(), value)));
    return entries;
  }

  /** A key that is nested itself stays in its text form. */
  private static Object key(DataType type, String text) {
    return isNested(type) ? text : leaf(type, text);
  }

  private static Object leaf(DataType type, String text) {
    try {
      return switch (type) {
        case DataType.Decimal t -> new BigDecimal(text);
        case DataType.Simple t -> simple(t, text);
        default -> text;
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw new BadData(
          "Cannot read %s: '%s' has no form in Java. Cast it to VARCHAR.".formatted(type, text), e);
    }
  }

  private static Object simple(DataType.Simple type, String text) {
    return switch (type) {
      case BOOLEAN -> Boolean.valueOf(text);
      case TINYINT, SMALLINT, INTEGER, UTINYINT, USMALLINT -> Integer.valueOf(text);
      case BIGINT, UINTEGER -> Long.valueOf(text);
      case HUGEINT, UBIGINT, UHUGEINT -> new BigInteger(text);
      case FLOAT -> Float.valueOf(javaNumber(text));
      case DOUBLE -> Double.valueOf(javaNumber(text));
      case BLOB -> bytes(text);
      case DATE -> date(text);
      case TIME, TIME_NS -> LocalTime.parse(text);
      case TIMETZ -> timeZoned(text);
      case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS -> moment(text).toLocalDateTime();
      case TIMESTAMPTZ -> moment(text).withOffsetSameInstant(ZoneOffset.UTC);
      case UUID -> UUID.fromString(text);
      case VARCHAR, JSON, BIT, INTERVAL, NULL -> text;
    };
  }

  private static String javaNumber(String text) {
    return switch (text) {
      case "nan", "-nan" -> "NaN";
      case "inf" -> "Infinity";
      case "-inf" -> "-Infinity";
      default -> text;
    };
  }

  /** DuckDB writes bytes that are not plain ASCII, and the backslash, as {@code \xHH}. */
  private static byte[] bytes(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("\\x", at)) {
        bytes.write(Integer.parseInt(text, at + 2, at + 4, 16));
        at += 4;
      } else {
        bytes.writeBytes(text.substring(at, at + 1).getBytes(StandardCharsets.UTF_8));
        at++;
      }
    }
    return bytes.toByteArray();
  }

  private static LocalDate date(String text) {
    if (text.endsWith("infinity")) {
      return text.startsWith("-") ? FIRST_DAY : LAST_DAY;
    }
    Matcher parts = matched(DATE, text);
    int year = Integer.parseInt(parts.group(1));
    return LocalDate.of(
        parts.group(4) == null ? year : 1 - year,
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  /** A date and time; without an offset it is taken for UTC. */
  private static OffsetDateTime moment(String text) {
    if (text.endsWith("infinity")) {
      long micros = text.startsWith("-") ? -Long.MAX_VALUE : Long.MAX_VALUE;
      return LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
          .plus(micros, ChronoUnit.MICROS)
          .atOffset(ZoneOffset.UTC);
    }
    Matcher parts = matched(MOMENT, text);
    String era = parts.group(4) == null ? "" : parts.group(4);
    LocalDateTime time =
        LocalDateTime.of(date(parts.group(1) + era), LocalTime.parse(parts.group(2)));
    return time.atOffset(parts.group(3) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(3)));
  }

  private static OffsetTime timeZoned(String text) {
    Matcher parts = matched(TIME_ZONED, text);
    return OffsetTime.of(LocalTime.parse(parts.group(1)), ZoneOffset.of(parts.group(2)));
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new DateTimeException("not understood: " + text);
    }
    return matcher;
  }
}
