package dev.tarn.redis.scan;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.TIMESTAMPTZ;
import static dev.tarn.type.DataType.VARCHAR;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.redis.Samples;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.decode.Buffers;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The columns of tables, by the type of their keys. */
public final class Tables {

  /** The column of streams that has all fields of an entry. */
  public static final Field ALL_FIELDS = new Field("fields", DataType.map(VARCHAR, VARCHAR));

  private Tables() {}

  /**
   * What is read of keys where no schema is given.
   *
   * @throws InvalidRequest for types whose keys have fields of their own
   */
  public static Schema usual(KeyType type) {
    return switch (type) {
      case HASH, JSON ->
          throw new InvalidRequest(
              "Cannot read %s without a schema. Name the fields and their types."
                  .formatted(type.plural()));
      case STRING, LIST -> Schema.of("value", VARCHAR);
      case SET, SORTED_SET -> Schema.of("member", VARCHAR);
      case STREAM -> new Schema(List.of(ALL_FIELDS));
      case TIME_SERIES -> new Schema(List.of());
    };
  }

  /**
   * A table of keys.
   *
   * @param schema what is read of each key besides the key itself, its time and its number
   * @throws InvalidRequest when two columns have the same name, or one a type that cannot be read
   */
  public static ScanSpec of(KeyType type, KeyPattern pattern, Schema schema, ScanOptions options) {
    return of(type, pattern, schema, options, Samples.ALL);
  }

  /**
   * A table of time series: {@code time TIMESTAMPTZ}, {@code value DOUBLE} and the labels.
   *
   * @param labels those that have a type, before those of the samples
   * @throws InvalidRequest when two columns have the same name
   */
  public static ScanSpec of(
      KeyPattern pattern, Schema labels, Samples samples, ScanOptions options) {
    var all = new ArrayList<>(labels.fields());
    samples.labels().forEach(name -> all.add(new Field(name, VARCHAR)));
    return of(KeyType.TIME_SERIES, pattern, new Schema(all), options, samples);
  }

  private static ScanSpec of(
      KeyType type, KeyPattern pattern, Schema schema, ScanOptions options, Samples samples) {
    var columns = new ArrayList<ScanColumn>();
    options.rowIndex().ifPresent(n -> columns.add(ScanColumn.of(n, BIGINT, Role.ROW_INDEX)));
    options.keyColumn().ifPresent(n -> columns.add(ScanColumn.of(n, VARCHAR, Role.KEY)));
    options.ttlColumn().ifPresent(n -> columns.add(ScanColumn.of(n, BIGINT, Role.TTL)));
    options.scoreColumn().ifPresent(n -> columns.add(score(type, pattern, n)));
    columns.addAll(own(type, schema, options));
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    for (ScanColumn column : columns) {
      if (!names.add(column.name())) {
        throw new InvalidRequest(
            "Cannot scan %s %s: two columns are called %s. Rename the one with the key, its time, its score or the row's number."
                .formatted(type.plural(), pattern, column.name()));
      }
      Buffers.of(column.field(), options.formats().get(column.name()), 1);
    }
    if (type != KeyType.JSON && !options.paths().isEmpty()) {
      throw new InvalidRequest(
          "Cannot read columns of %s %s by paths: only JSON documents have such. Name the fields."
              .formatted(type.plural(), pattern));
    }
    requireColumns(options, columns, "redis %s %s".formatted(type.plural(), pattern));
    return new ScanSpec(type, pattern, columns, options, samples, null, List.of());
  }

  private static void requireColumns(ScanOptions options, List<ScanColumn> columns, String source) {
    List<String> names = columns.stream().map(ScanColumn::name).toList();
    options.formats().keySet().forEach(name -> require(name, names, "read dates of", source));
    options.paths().keySet().forEach(name -> require(name, names, "read the path of", source));
  }

  private static void require(String column, List<String> names, String doing, String source) {
    if (names.stream().noneMatch(column::equalsIgnoreCase)) {
      throw UnknownColumn.of(doing, column, "[" + source + "]", names);
    }
  }

  private static ScanColumn score(KeyType type, KeyPattern pattern, String name) {
    if (!type.isIndexed()) {
      throw new InvalidRequest(
          "Cannot scan %s %s with a column of scores: no index finds them. Leave it out."
              .formatted(type.plural(), pattern));
    }
    return ScanColumn.of(name, DOUBLE, Role.RELEVANCE);
  }

  private static List<ScanColumn> own(KeyType type, Schema schema, ScanOptions options) {
    return switch (type) {
      case HASH -> fields(schema, Role.FIELD);
      case JSON -> members(schema, options.paths());
      case STRING -> fields(schema, Role.VALUE);
      case SET -> fields(schema, Role.MEMBER);
      case LIST ->
          joined(
              List.of(own(schema, "position", BIGINT, Role.POSITION)), fields(schema, Role.VALUE));
      case SORTED_SET ->
          joined(
              fields(schema, Role.MEMBER),
              List.of(
                  own(schema, "score", DOUBLE, Role.SCORE),
                  own(schema, "rank", BIGINT, Role.RANK)));
      case STREAM ->
          joined(
              List.of(
                  own(schema, "id", VARCHAR, Role.ENTRY_ID),
                  own(schema, "time", TIMESTAMPTZ, Role.TIME)),
              entryFields(schema));
      case TIME_SERIES ->
          joined(
              List.of(
                  own(schema, "time", TIMESTAMPTZ, Role.TIME),
                  own(schema, "value", DOUBLE, Role.VALUE)),
              fields(schema, Role.LABEL));
    };
  }

  /** What is at their paths in a document; unless said otherwise, the members of their names. */
  private static List<ScanColumn> members(Schema schema, Map<String, String> given) {
    var columns = new ArrayList<ScanColumn>();
    var taken = new TreeMap<String, String>();
    for (Field field : schema.fields()) {
      String name = field.name();
      String written = given.get(name);
      JsonPath path = written == null ? JsonPath.member(name) : path(name, written);
      String other = taken.put(path.toString(), name);
      if (other != null) {
        throw new InvalidRequest(
            "Cannot read %s of JSON documents into two columns, %s and %s. Leave one out, and rename or repeat the other in the query."
                .formatted(path, other, name));
      }
      columns.add(new ScanColumn(name, field.type(), Role.FIELD, path.toString()));
    }
    return columns;
  }

  private static JsonPath path(String column, String written) {
    return JsonPath.parse(written)
        .filter(JsonPath::isSendable)
        .orElseThrow(() ->
            new InvalidRequest(
                "Cannot read column %s of JSON documents by the path %s. Write one that leads to one place, such as $.address.city or $[\"first line\"][0], without quotes or backslashes in a name."
                    .formatted(column, written)));
  }

  /** A column that every row has; where a field is called so, it steps back behind a {@code _}. */
  private static ScanColumn own(Schema schema, String name, DataType type, Role role) {
    return ScanColumn.of(schema.indexOf(name) < 0 ? name : "_" + name, type, role);
  }

  private static List<ScanColumn> joined(List<ScanColumn> first, List<ScanColumn> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static List<ScanColumn> entryFields(Schema schema) {
    return fields(schema, Role.FIELD).stream()
        .map(column ->
            column.field().equals(ALL_FIELDS)
                ? ScanColumn.of(column.name(), column.type(), Role.FIELDS)
                : column)
        .toList();
  }

  private static List<ScanColumn> fields(Schema schema, Role role) {
    var columns = new ArrayList<ScanColumn>();
    for (Field field : schema.fields()) {
      columns.add(new ScanColumn(field.name(), field.type(), role, field.name()));
    }
    return columns;
  }
}
