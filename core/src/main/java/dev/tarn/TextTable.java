package dev.tarn;

import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Draws results as tables. */
final class TextTable {

  private static final int WIDEST = 60;
  private static final Set<DataType> RIGHT =
      Set.of(
          DataType.TINYINT,
          DataType.SMALLINT,
          DataType.INTEGER,
          DataType.BIGINT,
          DataType.HUGEINT,
          DataType.FLOAT,
          DataType.DOUBLE);

  private TextTable() {}

  /** All that there is to show, or as many rows as may be. */
  static String of(Rows rows, int most) {
    return of(
        rows,
        most,
        String.format(Locale.ROOT, "%,d %s", rows.size(), rows.size() == 1 ? "row" : "rows"));
  }

  /** The first rows of a result, which holds one more where there are more. */
  static String ofFirst(Rows rows, int most) {
    return rows.size() <= most ? of(rows, most) : of(rows, most, "more rows");
  }

  private static String of(Rows rows, int most, String total) {
    List<Field> fields = rows.schema().fields();
    var lines = new ArrayList<List<String>>();
    lines.add(fields.stream().map(f -> clipped(f.name())).toList());
    lines.add(fields.stream().map(f -> clipped(f.type().toString())).toList());
    rows.stream().limit(most).forEach(row -> lines.add(cells(row, fields.size())));
    int[] widths = new int[fields.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    var text = new StringBuilder();
    text.append(rule(widths, "┌", "┬", "┐"));
    for (int i = 0; i < lines.size(); i++) {
      text.append(line(lines.get(i), widths, fields));
      if (i == 1) {
        text.append(rule(widths, "├", "┼", "┤"));
      }
    }
    text.append(rule(widths, "└", "┴", "┘"));
    String shown =
        rows.size() > most ? String.format(Locale.ROOT, ", the first %,d shown", most) : "";
    return text.append(total).append(shown).toString();
  }

  private static List<String> cells(Row row, int columns) {
    var cells = new ArrayList<String>();
    for (int i = 0; i < columns; i++) {
      cells.add(clipped(cell(row.value(i))));
    }
    return cells;
  }

  static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 30));
      case java.time.LocalDateTime time -> time.toString().replace('T', ' ');
      case java.time.OffsetDateTime time -> time.toString().replace('T', ' ');
      case java.math.BigDecimal number -> number.toPlainString();
      case List<?> list ->
          list.stream().map(TextTable::cell).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> e.getKey() + ": " + cell(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String line(List<String> cells, int[] widths, List<Field> fields) {
    var parts = new ArrayList<String>();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - width(cells.get(i)));
      DataType type = fields.get(i).type();
      boolean right = RIGHT.contains(type) || type instanceof DataType.Decimal;
      parts.add(right ? space + cells.get(i) : cells.get(i) + space);
    }
    return parts.stream().collect(Collectors.joining(" │ ", "│ ", " │\n"));
  }

  private static String rule(int[] widths, String left, String middle, String right) {
    return java.util.Arrays.stream(widths)
        .mapToObj(width -> "─".repeat(width + 2))
        .collect(Collectors.joining(middle, left, right + "\n"));
  }

  private static String clipped(String text) {
    String oneLine = text.codePoints().anyMatch(Character::isISOControl) ? escaped(text) : text;
    return oneLine.codePointCount(0, oneLine.length()) <= WIDEST
        ? oneLine
        : oneLine.substring(0, oneLine.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  /** A control character could move the cursor or colour the terminal. */
  private static String escaped(String text) {
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> escaped.append("\\n");
            case '\r' -> escaped.append("\\r");
            case '\t' -> escaped.append("\\t");
            default -> {
              if (Character.isISOControl(c)) {
                escaped.append("\\x%02x".formatted(c));
              } else {
                escaped.appendCodePoint(c);
              }
            }
          }
        });
    return escaped.toString();
  }

  /** Columns on a terminal: East Asian wide characters and emoji take two, marks none. */
  private static int width(String text) {
    return text.codePoints().map(TextTable::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
