package dev.tarn.redis;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Tables;
import dev.tarn.spi.TableArguments;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Redis in SQL: {@code FROM redis_hashes('user:*', schema := {name: 'VARCHAR', age: 'BIGINT'})},
 * and its siblings for the other types of keys. {@code redis_search('index', 'query', …)} has the
 * rows that a query of a search index finds.
 *
 * <table>
 * <caption>Arguments</caption>
 * <tr><td>{@code pattern}</td><td>the first; as in {@link Redis#hashes}</td></tr>
 * <tr><td>{@code schema}</td><td>types by name: {@code {name: 'VARCHAR'}}; or, for one column of
 *     values, a type</td></tr>
 * <tr><td>{@code key}, {@code ttl}, {@code row_index}</td><td>names of these columns; {@code key :=
 *     null} for none</td></tr>
 * <tr><td>{@code score}</td><td>the name of a column with the score of a search</td></tr>
 * <tr><td>{@code batch_size}, {@code connections}, {@code sample}</td><td>numbers</td></tr>
 * <tr><td>{@code on_bad_value}</td><td>{@code 'fail'}, {@code 'set_null'}, {@code
 *     'skip_row'}</td></tr>
 * <tr><td>{@code duplicates}</td><td>true keeps keys that SCAN returns twice</td></tr>
 * <tr><td>{@code formats}</td><td>patterns of dates by column</td></tr>
 * <tr><td>{@code epochs}</td><td>units since 1970 by column: {@code {ts: 'seconds'}}</td></tr>
 * <tr><td>{@code paths}</td><td>of JSON documents: paths by column: {@code {city:
 *     '$.address.city'}}</td></tr>
 * <tr><td>{@code index}</td><td>the search index that filters may use; null for none</td></tr>
 * <tr><td>{@code index_up_to}</td><td>the share of its documents up to which they do, 0 to 1
 *     </td></tr>
 * <tr><td>{@code aggregate}, {@code bucket}</td><td>of time series: a function of {@link
 *     Samples.Aggregation}, and the time of a value of it: {@code aggregate := 'avg', bucket :=
 *     INTERVAL '1 minute'}</td></tr>
 * </table>
 */
public final class RedisFunctions {

  private static final List<String> ARGUMENTS =
      List.of(
          "pattern",
          "schema",
          "key",
          "ttl",
          "row_index",
          "score",
          "batch_size",
          "connections",
          "sample",
          "on_bad_value",
          "duplicates",
          "formats",
          "epochs",
          "paths",
          "index",
          "index_up_to",
          "aggregate",
          "bucket");

  private final TableArguments call;

  private RedisFunctions(TableArguments call) {
    this.call = call;
  }

  /** The rows that a query of an index finds. */
  private static final String SEARCH = "redis_search";

  /** Whether a function is one of these, by its name in lower case. */
  public static boolean isFunction(String name) {
    return name.equals(SEARCH) || type(name).isPresent();
  }

  /**
   * The table that a call stands for.
   *
   * @throws InvalidRequest when the arguments are wrong
   */
  public static Frame table(Redis redis, TableArguments call) {
    if (call.function().equals(SEARCH)) {
      return new RedisFunctions(call).search(redis);
    }
    KeyType type =
        type(call.function())
            .orElseThrow(() -> new InvalidRequest("Cannot find function " + call.function() + "."));
    return new RedisFunctions(call).table(redis, type);
  }

  private static Optional<KeyType> type(String function) {
    return Arrays.stream(KeyType.values()).filter(t -> t.function().equals(function)).findFirst();
  }

  private Frame search(Redis redis) {
    requireArguments();
    if (call.positional().size() != 2
        || !(call.positional().get(0) instanceof String index)
        || !(call.positional().get(1) instanceof String query)) {
      throw wrong("it takes an index and a query", "Write ('users_idx', '@age:[30 +inf]').");
    }
    return schema(KeyType.HASH)
        .map(schema -> redis.search(index, query, schema, this::options))
        .orElseGet(() -> redis.search(index, query, this::options));
  }

  private Frame table(Redis redis, KeyType type) {
    requireArguments();
    if (call.positional().size() > 1) {
      throw wrong("it has one argument without a name, the pattern", "Name the others.");
    }
    Object pattern =
        call.positional().isEmpty() ? call.named().get("pattern") : call.positional().getFirst();
    if (!(pattern instanceof String text)) {
      throw wrong("the pattern of keys is missing", "Write one, such as 'user:*'.");
    }
    Optional<Samples> samples = samples(type);
    return samples.isPresent()
        ? redis.timeSeries(
            text, schema(type).orElse(Tables.usual(type)), samples.get(), this::options)
        : redis.table(type, text, schema(type), this::options);
  }

  private void requireArguments() {
    for (String name : call.named().keySet()) {
      if (!ARGUMENTS.contains(name)) {
        throw wrong(
            "there is no argument %s".formatted(name),
            UnknownColumn.nearest(name, ARGUMENTS)
                .map(near -> "Did you mean " + near + "?")
                .orElse("There are " + String.join(", ", ARGUMENTS) + "."));
      }
    }
  }

  private Optional<Schema> schema(KeyType type) {
    Object schema = call.named().get("schema");
    return switch (schema) {
      case null -> Optional.empty();
      case String one when !type.hasFields() && type != KeyType.TIME_SERIES ->
          Optional.of(Schema.of(Tables.usual(type).names().getFirst(), DataType.parse(one)));
      case Map<?, ?> fields -> {
        var columns = new ArrayList<Field>();
        fields.forEach((name, column) ->
            columns.add(new Field(name.toString(), DataType.parse(String.valueOf(column)))));
        yield Optional.of(new Schema(columns));
      }
      default -> throw wrong("the schema is none", "Write {name: 'VARCHAR', age: 'BIGINT'}.");
    };
  }

  /** What the server is to make of samples; empty for the samples themselves. */
  private Optional<Samples> samples(KeyType type) {
    if (!call.named().containsKey("aggregate") && !call.named().containsKey("bucket")) {
      return Optional.empty();
    }
    if (type != KeyType.TIME_SERIES) {
      throw wrong(
          "only time series are aggregated by the server", "Leave aggregate and bucket out.");
    }
    if (!(call.named().get("aggregate") instanceof String function)) {
      throw wrong("the function of its buckets is missing", "Write aggregate := 'avg'.");
    }
    return Optional.of(Samples.aggregate(function, bucket(call.named().get("bucket"))));
  }

  private Duration bucket(@Nullable Object value) {
    return switch (value) {
      case null -> throw wrong("aggregate needs buckets", "Write bucket := INTERVAL '1 minute'.");
      case Duration time -> time;
      default ->
          TimeText.parse(value.toString())
              .orElseThrow(() ->
                  wrong(
                      "bucket is '%s', no time of a known length".formatted(value),
                      "Write INTERVAL '1 minute', in ms, s, min, h, days or weeks."));
    };
  }

  private ScanOptions options(ScanOptions defaults) {
    ScanOptions options = defaults;
    for (Map.Entry<String, @Nullable Object> argument : call.named().entrySet()) {
      Object value = argument.getValue();
      String name = argument.getKey();
      options =
          switch (name) {
            case "key" ->
                value == null ? options.withoutKey() : options.keyColumn(text(name, value));
            case "ttl" -> options.ttlColumn(text(name, value));
            case "row_index" -> options.rowIndex(text(name, value));
            case "score" -> options.scoreColumn(text(name, value));
            case "batch_size" -> options.batchSize(number(name, value));
            case "connections" -> options.connections(number(name, value));
            case "sample" -> options.sample(number(name, value));
            case "on_bad_value" -> options.onBadValue(badValue(text(name, value)));
            case "duplicates" -> Boolean.TRUE.equals(value) ? options.allowDuplicates() : options;
            case "formats" -> byColumn(options, name, value, ScanOptions::pattern);
            case "epochs" -> byColumn(options, name, value, RedisFunctions::epoch);
            case "paths" -> byColumn(options, name, value, ScanOptions::path);
            case "index" ->
                value == null ? options.withoutIndex() : options.index(text(name, value));
            case "index_up_to" -> options.indexUpTo(share(name, value));
            default -> options;
          };
    }
    return options;
  }

  private BadValue badValue(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "fail" -> BadValue.FAIL;
      case "set_null" -> BadValue.SET_NULL;
      case "skip_row" -> BadValue.SKIP_ROW;
      default -> throw wrong("on_bad_value is '" + text + "'", "Write fail, set_null or skip_row.");
    };
  }

  /** What is said of one column. */
  @FunctionalInterface
  private interface OfColumn {
    ScanOptions with(ScanOptions options, String column, String text);
  }

  private ScanOptions byColumn(
      ScanOptions options, String name, @Nullable Object value, OfColumn said) {
    ScanOptions result = options;
    for (Map.Entry<?, ?> column : map(name, value).entrySet()) {
      result = said.with(result, column.getKey().toString(), String.valueOf(column.getValue()));
    }
    return result;
  }

  private static ScanOptions epoch(ScanOptions options, String column, String unit) {
    return options.epoch(column, ValueFormat.Epoch.of(unit).unit());
  }

  private Map<?, ?> map(String name, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong(name + " is no struct", "Write {column: '…'}.");
  }

  private String text(String name, @Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name + " is no text", "Write one between quotes.");
  }

  private int number(String name, @Nullable Object value) {
    if (value instanceof Number number) {
      try {
        return new BigDecimal(number.toString()).intValueExact();
      } catch (ArithmeticException e) {
        throw wrong(name + " is " + number, "Write a whole number.");
      }
    }
    throw wrong(name + " is no number", "Write a whole number.");
  }

  private double share(String name, @Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(name + " is no number", "Write one from 0 to 1.");
  }

  private InvalidRequest wrong(String why, String what) {
    return new InvalidRequest("Cannot call %s: %s. %s".formatted(call.function(), why, what));
  }
}
