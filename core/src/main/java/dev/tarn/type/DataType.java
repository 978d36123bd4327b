package dev.tarn.type;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The type of a column, named as in SQL; {@link Object#toString()} is its SQL text and {@link
 * #parse(String)} reads it back. The engine decides what types expressions have: this tree only
 * names them.
 */
public sealed interface DataType {

  DataType BOOLEAN = Simple.BOOLEAN;

  /** 8 bits, signed. */
  DataType TINYINT = Simple.TINYINT;

  /** 16 bits, signed. */
  DataType SMALLINT = Simple.SMALLINT;

  /** 32 bits, signed. */
  DataType INTEGER = Simple.INTEGER;

  /** 64 bits, signed. */
  DataType BIGINT = Simple.BIGINT;

  /** 128 bits, signed; a {@link java.math.BigInteger} in Java. */
  DataType HUGEINT = Simple.HUGEINT;

  /** 32 bits IEEE 754. */
  DataType FLOAT = Simple.FLOAT;

  /** 64 bits IEEE 754. */
  DataType DOUBLE = Simple.DOUBLE;

  /** Unicode text of any length. */
  DataType VARCHAR = Simple.VARCHAR;

  /** Bytes of any length. */
  DataType BLOB = Simple.BLOB;

  /** A day; a {@link java.time.LocalDate} in Java. */
  DataType DATE = Simple.DATE;

  /** A time of day to the microsecond. */
  DataType TIME = Simple.TIME;

  /** Date and time to the microsecond, without zone; a {@link java.time.LocalDateTime} in Java. */
  DataType TIMESTAMP = Simple.TIMESTAMP;

  /** A moment to the microsecond; an {@link java.time.OffsetDateTime} in UTC in Java. */
  DataType TIMESTAMPTZ = Simple.TIMESTAMPTZ;

  DataType UUID = Simple.UUID;

  DataType JSON = Simple.JSON;

  /**
   * An exact number.
   *
   * @param precision digits in all, 1 to 38
   * @param scale digits after the point, 0 to precision
   */
  static DataType decimal(int precision, int scale) {
    return new Decimal(precision, scale);
  }

  static DataType list(DataType element) {
    return new ListOf(element);
  }

  static DataType map(DataType key, DataType value) {
    return new MapOf(key, value);
  }

  static DataType struct(Field... fields) {
    return new Struct(List.of(fields));
  }

  /**
   * Reads a type from its SQL text, nested ones included.
   *
   * @throws InvalidRequest when the text is no type
   */
  static DataType parse(String sql) {
    return new TypeParser(sql).parse();
  }

  /** A type without parameters. */
  enum Simple implements DataType {
    BOOLEAN("BOOLEAN"),
    TINYINT("TINYINT"),
    SMALLINT("SMALLINT"),
    INTEGER("INTEGER"),
    BIGINT("BIGINT"),
    HUGEINT("HUGEINT"),
    UTINYINT("UTINYINT"),
    USMALLINT("USMALLINT"),
    UINTEGER("UINTEGER"),
    UBIGINT("UBIGINT"),
    UHUGEINT("UHUGEINT"),
    FLOAT("FLOAT"),
    DOUBLE("DOUBLE"),
    VARCHAR("VARCHAR"),
    BLOB("BLOB"),
    BIT("BIT"),
    DATE("DATE"),
    TIME("TIME"),
    TIME_NS("TIME_NS"),
    TIMETZ("TIME WITH TIME ZONE"),
    TIMESTAMP("TIMESTAMP"),
    TIMESTAMP_S("TIMESTAMP_S"),
    TIMESTAMP_MS("TIMESTAMP_MS"),
    TIMESTAMP_NS("TIMESTAMP_NS"),
    TIMESTAMPTZ("TIMESTAMP WITH TIME ZONE"),
    INTERVAL("INTERVAL"),
    UUID("UUID"),
    JSON("JSON"),
    /** The type of a bare NULL. */
    NULL("\"NULL\"");

    private final String sql;

    Simple(String sql) {
      this.sql = sql;
    }

    @Override
    public String toString() {
      return sql;
    }
  }

  /** An exact number of {@code precision} digits, {@code scale} of them after the point. */
  record Decimal(int precision, int scale) implements DataType {
    public Decimal {
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        throw new InvalidRequest(
            "Cannot build DECIMAL(%d,%d): precision is 1 to 38, scale 0 to precision."
                .formatted(precision, scale));
      }
    }

    @Override
    public String toString() {
      return "DECIMAL(" + precision + "," + scale + ")";
    }
  }

  /** A list of any length. */
  record ListOf(DataType element) implements DataType {
    public ListOf {
      requireNonNull(element);
    }

    @Override
    public String toString() {
      return element + "[]";
    }
  }

  /** A list of a fixed length. */
  record ArrayOf(DataType element, int length) implements DataType {
    public ArrayOf {
      requireNonNull(element);
    }

    @Override
    public String toString() {
      return element + "[" + length + "]";
    }
  }

  record MapOf(DataType key, DataType value) implements DataType {
    public MapOf {
      requireNonNull(key);
      requireNonNull(value);
    }

    @Override
    public String toString() {
      return "MAP(" + key + ", " + value + ")";
    }
  }

  record Struct(List<Field> fields) implements DataType {

    /** Words that are no names of members unless they are quoted. */
    private static final Set<String> RESERVED =
        Set.of(
            ("all analyse analyze and anti any array as asc asof asymmetric at "
                    + "authorization binary both by case cast check collate collation column "
                    + "concurrently constraint create cross default deferrable desc describe "
                    + "distinct do else end except false fetch for foreign freeze from full "
                    + "glob group having ilike in initially inner intersect into is isnull "
                    + "join lambda lateral leading left like limit natural not notnull null "
                    + "offset on only or order outer overlaps pivot pivot_longer pivot_wider "
                    + "placing positional primary qualify references returning right select "
                    + "semi show similar some summarize symmetric table tablesample then to "
                    + "trailing true union unique unpack unpivot using variadic verbose when "
                    + "where window with")
                .split(" "));

    public Struct {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      return fields.stream()
          .map(f -> quoted(f.name()) + " " + f.type())
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }

    private static String quoted(String name) {
      return name.matches("[a-z_][a-z0-9_]*") && !RESERVED.contains(name)
          ? name
          : '"' + name.replace("\"", "\"\"") + '"';
    }
  }

  /** Text out of a fixed set of values. */
  record EnumOf(List<String> values) implements DataType {
    public EnumOf {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream()
          .map(v -> "'" + v.replace("'", "''") + "'")
          .collect(Collectors.joining(", ", "ENUM(", ")"));
    }
  }

  /** A type that only the engine knows, by its SQL text: unions, geometries and the like. */
  record Other(String sql) implements DataType {
    public Other {
      requireNonNull(sql);
    }

    @Override
    public String toString() {
      return sql;
    }
  }
}
