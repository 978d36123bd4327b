package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.decode.Buffers;
import dev.tarn.redis.decode.Numbers;
import dev.tarn.redis.decode.Utf8;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a text looks like, read as narrowly as it can be. */
enum Kind {
  EMPTY("empty"),
  BOOLEAN("boolean"),
  /** Yes, no and single letters, which may as well be words and codes. */
  YES_NO("yes/no"),
  INTEGER("integer"),
  LARGE_INTEGER("large integer"),
  NUMBER("number"),
  DATE("date"),
  TIME("time"),
  TIMESTAMP("timestamp"),
  MOMENT("timestamp with zone"),
  JSON("json"),
  TEXT("text"),
  BINARY("binary");

  private static final int LONGEST_SCALAR = 64;
  private static final int LONGEST_JSON = 1 << 20;
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d*)");
  private static final Pattern PLAIN =
      Pattern.compile("-?(0|[1-9]\\d*)?(\\.\\d*)?([eE][+-]?\\d+)?");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern CLOCK = Pattern.compile("\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?");
  private static final Pattern DAY_AND_CLOCK =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ Tt]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?");
  private static final Pattern OFFSET = Pattern.compile("(.*\\d)([Zz]|[+-]\\d{2}(:?\\d{2})?)");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** What the bytes of a hash's field or of a string look like. */
  static Kind of(byte[] bytes) {
    if (bytes.length == 0) {
      return EMPTY;
    }
    if (!Utf8.isValid(bytes)) {
      return BINARY;
    }
    if (bytes.length <= LONGEST_SCALAR) {
      Kind kind = ofShort(bytes, new String(bytes, UTF_8));
      if (kind != TEXT) {
        return kind;
      }
    }
    boolean bracket = bytes[0] == '{' || bytes[0] == '[';
    return bracket && bytes.length <= LONGEST_JSON && fits(bytes, DataType.JSON) ? JSON : TEXT;
  }

  private static Kind ofShort(byte[] bytes, String text) {
    char first = text.charAt(0);
    boolean digit = first >= '0' && first <= '9';
    if (digit || first == '-' || first == '.') {
      Kind number = ofNumber(bytes, text);
      return number == TEXT ? ofTime(bytes, text) : number;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "false" -> BOOLEAN;
      case "yes", "no", "y", "n", "t", "f" -> YES_NO;
      case "inf", "infinity", "nan", "+inf" -> NUMBER;
      default -> TEXT;
    };
  }

  /** What a text within a JSON document looks like: numbers stand without quotes there. */
  static Kind ofQuoted(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length > LONGEST_SCALAR) {
      return TEXT;
    }
    return ofTime(bytes, text);
  }

  /** A zero or a plus sign in front belongs to codes and telephone numbers. */
  private static Kind ofNumber(byte[] bytes, String text) {
    if (WHOLE.matcher(text).matches()) {
      if (Numbers.isLong(bytes)) {
        return INTEGER;
      }
      return fits(bytes, DataType.HUGEINT) ? LARGE_INTEGER : TEXT;
    }
    boolean number = text.equals("-inf") || PLAIN.matcher(text).matches();
    return number && fits(bytes, DataType.DOUBLE) ? NUMBER : TEXT;
  }

  private static Kind ofTime(byte[] bytes, String text) {
    if (DAY.matcher(text).matches()) {
      return fits(bytes, DataType.DATE) ? DATE : TEXT;
    }
    if (CLOCK.matcher(text).matches()) {
      return fits(bytes, DataType.TIME) ? TIME : TEXT;
    }
    var offset = OFFSET.matcher(text);
    boolean zoned =
        !DAY_AND_CLOCK.matcher(text).matches()
            && offset.matches()
            && DAY_AND_CLOCK.matcher(offset.group(1)).matches();
    if (zoned) {
      return fits(bytes, DataType.TIMESTAMPTZ) ? MOMENT : TEXT;
    }
    return DAY_AND_CLOCK.matcher(text).matches() && fits(bytes, DataType.TIMESTAMP)
        ? TIMESTAMP
        : TEXT;
  }

  /** Whether a scan would read the value as of the type. */
  private static boolean fits(byte[] bytes, DataType type) {
    return Buffers.of(new Field("value", type), null, 1).parse(0, bytes);
  }
}
