package dev.tarn.duckdb;

import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunctionBindInfo;

/**
 * What the columns of stubs are called. Nobody else can know the names: a filter that has one of
 * them is about that column, while a name in it that a query gave could mean another one.
 */
final class StubColumns {

  /** Types that a Java table function can have; a column of any other is text there, and cast. */
  private static final Set<DataType> OWN =
      Set.of(
          DataType.BOOLEAN,
          DataType.TINYINT,
          DataType.SMALLINT,
          DataType.INTEGER,
          DataType.BIGINT,
          DataType.HUGEINT,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT,
          DataType.Simple.UINTEGER,
          DataType.Simple.UBIGINT,
          DataType.Simple.UHUGEINT,
          DataType.FLOAT,
          DataType.DOUBLE,
          DataType.VARCHAR,
          DataType.DATE,
          DataType.TIMESTAMP,
          DataType.Simple.TIMESTAMP_S,
          DataType.Simple.TIMESTAMP_MS,
          DataType.Simple.TIMESTAMP_NS,
          DataType.TIMESTAMPTZ);

  /** Types of cast columns whose filters are understood. */
  private static final Set<DataType> CAST =
      Set.of(DataType.BLOB, DataType.UUID, DataType.TIME, DataType.Simple.TIME_NS);

  private final String prefix =
      "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16) + "_";
  private final Pattern pattern = Pattern.compile(prefix + "(\\d{1,6})");

  static boolean isOwn(DataType type) {
    return type instanceof DataType.Decimal || OWN.contains(type);
  }

  /** Whether values of the type compare in a filter as they do in Java, or have members that do. */
  static boolean comparesAlike(DataType type) {
    return isOwn(type) || CAST.contains(type) || type instanceof DataType.Struct;
  }

  String name(int index) {
    return prefix + index;
  }

  /** The column's position in its source; -1 when it is no column of a stub. */
  int indexOf(String name) {
    var matcher = pattern.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  /** The text of a filter for people. */
  String readable(String filter, Schema schema) {
    return pattern
        .matcher(filter)
        .replaceAll(match -> {
          int index = Integer.parseInt(match.group(1));
          String name = index < schema.size() ? schema.names().get(index) : match.group();
          return java.util.regex.Matcher.quoteReplacement(DuckDbDialect.DUCKDB.quote(name));
        });
  }

  /** The columns of a stub under the names of its source. */
  String select(Schema schema, String from) {
    List<Field> fields = schema.fields();
    return IntStream.range(0, fields.size())
        .mapToObj(i -> {
          Field field = fields.get(i);
          String value =
              isOwn(field.type()) ? name(i) : "CAST(" + name(i) + " AS " + field.type() + ")";
          return value + " AS " + DuckDbDialect.DUCKDB.quote(field.name());
        })
        .collect(Collectors.joining(", ", "(SELECT ", " FROM " + from + ")"));
  }

  void declare(Schema schema, DuckDBTableFunctionBindInfo info) throws SQLException {
    for (int i = 0; i < schema.size(); i++) {
      try (DuckDBLogicalType type = logical(schema.fields().get(i).type())) {
        info.addResultColumn(name(i), type);
      }
    }
  }

  private static DuckDBLogicalType logical(DataType type) throws SQLException {
    if (type instanceof DataType.Decimal decimal) {
      return DuckDBLogicalType.decimal(decimal.precision(), decimal.scale());
    }
    if (!isOwn(type)) {
      return DuckDBLogicalType.of(DuckDBColumnType.VARCHAR);
    }
    return DuckDBLogicalType.of(
        type.equals(DataType.TIMESTAMPTZ)
            ? DuckDBColumnType.TIMESTAMP_WITH_TIME_ZONE
            : DuckDBColumnType.valueOf(((DataType.Simple) type).name()));
  }
}
