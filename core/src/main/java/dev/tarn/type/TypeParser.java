package dev.tarn.type;

import dev.tarn.error.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a type from SQL text by recursive descent; what it does not know stays {@code Other}. */
final class TypeParser {

  private static final Map<String, DataType> ALIASES =
      Map.ofEntries(
          Map.entry("BOOL", DataType.BOOLEAN),
          Map.entry("INT", DataType.INTEGER),
          Map.entry("INT2", DataType.SMALLINT),
          Map.entry("SHORT", DataType.SMALLINT),
          Map.entry("INT4", DataType.INTEGER),
          Map.entry("INT8", DataType.BIGINT),
          Map.entry("LONG", DataType.BIGINT),
          Map.entry("FLOAT4", DataType.FLOAT),
          Map.entry("REAL", DataType.FLOAT),
          Map.entry("FLOAT8", DataType.DOUBLE),
          Map.entry("TEXT", DataType.VARCHAR),
          Map.entry("STRING", DataType.VARCHAR),
          Map.entry("BYTEA", DataType.BLOB),
          Map.entry("BINARY", DataType.BLOB),
          Map.entry("DATETIME", DataType.TIMESTAMP),
          Map.entry("TIMESTAMPTZ", DataType.TIMESTAMPTZ),
          Map.entry("TIMETZ", DataType.Simple.TIMETZ),
          Map.entry("NULL", DataType.Simple.NULL));

  private final String text;
  private int at;

  TypeParser(String text) {
    this.text = text;
  }

  DataType parse() {
    DataType type = type();
    skipSpace();
    if (at < text.length()) {
      throw failure();
    }
    return type;
  }

  private DataType type() {
    DataType type = base();
    while (tryTake('[')) {
      int from = at;
      while (at < text.length() && text.charAt(at) != ']') {
        at++;
      }
      String length = text.substring(from, at).strip();
      take(']');
      type =
          length.isEmpty() ? new DataType.ListOf(type) : new DataType.ArrayOf(type, number(length));
    }
    return type;
  }

  private DataType base() {
    skipSpace();
    int start = at;
    String name = word().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "DECIMAL", "NUMERIC" -> decimal();
      case "STRUCT", "ROW" -> new DataType.Struct(fields());
      case "MAP" -> mapOf();
      case "ENUM" -> new DataType.EnumOf(texts());
      case "" -> throw failure();
      default -> named(name, start);
    };
  }

  private DataType named(String name, int start) {
    if (name.equals("TIMESTAMP") || name.equals("TIME")) {
      if (tryTakeWords("WITH TIME ZONE")) {
        return name.equals("TIME") ? DataType.Simple.TIMETZ : DataType.TIMESTAMPTZ;
      }
    }
    if (name.equals("DOUBLE")) {
      tryTakeWords("PRECISION");
    }
    DataType alias = ALIASES.get(name);
    if (alias != null) {
      return alias;
    }
    for (DataType.Simple simple : DataType.Simple.values()) {
      if (simple.name().equals(name)) {
        if (simple == DataType.Simple.VARCHAR && tryTake('(')) {
          arguments(start);
        }
        return simple;
      }
    }
    skipSpace();
    if (at < text.length() && text.charAt(at) == '(') {
      at++;
      return new DataType.Other(arguments(start));
    }
    return new DataType.Other(text.substring(start, at).strip());
  }

  /** Skips to the parenthesis that closes the one just opened; returns all text since start. */
  private String arguments(int start) {
    int depth = 1;
    while (at < text.length() && depth > 0) {
      char c = text.charAt(at++);
      if (c == '\'' || c == '"') {
        quotedBy(c);
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (depth > 0) {
      throw failure();
    }
    return text.substring(start, at);
  }

  private DataType decimal() {
    if (!tryTake('(')) {
      return new DataType.Decimal(18, 3); // what DuckDB takes a bare DECIMAL for
    }
    int precision = number(word());
    int scale = tryTake(',') ? number(word()) : 0;
    take(')');
    return new DataType.Decimal(precision, scale);
  }

  private DataType mapOf() {
    take('(');
    DataType key = type();
    take(',');
    DataType value = type();
    take(')');
    return new DataType.MapOf(key, value);
  }

  private List<Field> fields() {
    take('(');
    var fields = new ArrayList<Field>();
    do {
      fields.add(new Field(word(), type()));
    } while (tryTake(','));
    take(')');
    return fields;
  }

  private List<String> texts() {
    take('(');
    var values = new ArrayList<String>();
    do {
      take('\'');
      values.add(quotedBy('\''));
    } while (tryTake(','));
    take(')');
    return values;
  }

  /** A bare or double-quoted word; empty when there is none. */
  private String word() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      return quotedBy('"');
    }
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(from, at);
  }

  /** The text up to the closing quote, which is taken too; a doubled quote stands for itself. */
  private String quotedBy(char quote) {
    var value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        if (at >= text.length() || text.charAt(at) != quote) {
          return value.toString();
        }
        at++;
      }
      value.append(c);
    }
    throw failure();
  }

  private boolean tryTakeWords(String words) {
    skipSpace();
    if (text.regionMatches(true, at, words, 0, words.length())) {
      at += words.length();
      return true;
    }
    return false;
  }

  private boolean tryTake(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void take(char c) {
    if (!tryTake(c)) {
      throw failure();
    }
  }

  private int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw failure();
    }
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private InvalidRequest failure() {
    return new InvalidRequest(
        "Cannot read type '%s': it makes no sense at position %d. Types are written as in SQL:"
                .formatted(text, at + 1)
            + " BIGINT, DECIMAL(10,2), VARCHAR[], STRUCT(a INTEGER, b VARCHAR).");
  }
}
