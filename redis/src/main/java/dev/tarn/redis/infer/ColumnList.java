package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.redis.InferredSchema;
import dev.tarn.redis.InferredSchema.Column;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ValueFormat;
import dev.tarn.redis.decode.Utf8;
import dev.tarn.redis.scan.Texts;
import dev.tarn.type.DataType;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Columns as they turn up. */
final class ColumnList {

  /** More are no columns, but a map that is written as a hash. */
  private static final int MOST_COLUMNS = 500;

  private static final JsonFactory JSON = new JsonFactory();

  private final boolean whole;
  private final ScanOptions options;
  private final Map<String, JsonShape> shapes = new LinkedHashMap<>();
  private final Map<String, Values> fields = new LinkedHashMap<>();
  private final Set<String> notText = new TreeSet<>();
  private long keys;
  private long notObjects;

  ColumnList(boolean whole, ScanOptions options) {
    this.whole = whole;
    this.options = options;
  }

  /** A key more. */
  void key() {
    keys++;
  }

  void field(byte[] name, byte[] value) {
    if (Utf8.isValid(name)) {
      fields.computeIfAbsent(new String(name, UTF_8), n -> new Values()).add(value);
    } else {
      notText.add(Texts.plain(name));
    }
  }

  /** A document: its members are columns. */
  void document(byte[] text) {
    keys++;
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        notObjects++;
        return;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        shapes.computeIfAbsent(name, n -> new JsonShape()).add(parser);
      }
    } catch (IOException e) {
      notObjects++;
    }
  }

  InferredSchema schema(String source) {
    List<Column> all =
        Stream.concat(
                fields.entrySet().stream().map(e -> column(e.getKey(), e.getValue())),
                shapes.entrySet().stream().map(e -> column(e.getKey(), e.getValue())))
            .toList();
    var notes = new ArrayList<String>();
    List<Column> kept = mostPresent(withoutTwins(all, notes), notes);
    if (!notText.isEmpty()) {
      notes.add(
          "left out, as their names are no UTF-8 text: %s".formatted(String.join(", ", notText)));
    }
    if (notObjects > 0) {
      notes.add(
          String.format(
              Locale.ROOT, "%,d documents are no objects, and have no columns", notObjects));
    }
    return new InferredSchema(source, keys, whole, kept, notes);
  }

  /** Names are the same in SQL whatever the case; the one that more keys have stays. */
  private List<Column> withoutTwins(List<Column> all, List<String> notes) {
    var taken = new LinkedHashMap<String, Column>();
    Stream.of(options.keyColumn(), options.ttlColumn(), options.rowIndex())
        .flatMap(name -> name.stream())
        .forEach(name -> taken.put(name.toLowerCase(Locale.ROOT), reserved(name)));
    all.stream()
        .sorted(Comparator.comparingLong(Column::present).reversed())
        .forEach(c -> taken.putIfAbsent(c.name().toLowerCase(Locale.ROOT), c));
    var kept = new ArrayList<Column>();
    for (Column column : all) {
      Column first = taken.get(column.name().toLowerCase(Locale.ROOT));
      if (column.equals(first)) {
        kept.add(column);
      } else if (first != null) {
        notes.add(
            "%s is left out: another column is called %s".formatted(column.name(), first.name()));
      }
    }
    return kept;
  }

  private static Column reserved(String name) {
    return new Column(name, DataType.VARCHAR, 0, 0, Map.of(), 0, List.of(), 1, List.of());
  }

  private static List<Column> mostPresent(List<Column> all, List<String> notes) {
    if (all.size() <= MOST_COLUMNS) {
      return all;
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "there are %,d different fields, which is a map rather than a table; the %d that most keys have are columns",
            all.size(),
            MOST_COLUMNS));
    Set<Column> kept =
        Set.copyOf(
            all.stream()
                .sorted(Comparator.comparingLong(Column::present).reversed())
                .limit(MOST_COLUMNS)
                .toList());
    return all.stream().filter(kept::contains).toList();
  }

  private Column column(String name, Values values) {
    var seen = new LinkedHashMap<String, Long>();
    values.kinds().forEach((kind, count) -> seen.put(kind.label(), count));
    ValueFormat format = options.formats().get(name);
    TypeChoice choice =
        format == null ? TypeChoice.of(values) : new TypeChoice(typeBy(format), List.of());
    return column(name, choice, values, values.count(), seen);
  }

  private Column column(String name, JsonShape shape) {
    TypeChoice choice =
        shape.present() == 0
            ? new TypeChoice(DataType.JSON, List.of("null in all documents"))
            : shape.type();
    return column(name, choice, shape.scalars(), shape.present(), shape.seen());
  }

  private Column column(
      String name, TypeChoice choice, Values values, long present, Map<String, Long> seen) {
    return new Column(
        name,
        choice.type(),
        present,
        keys - present,
        seen,
        values.distinct(),
        values.examples(),
        whole || alwaysFits(choice.type()) ? 1 : Math.pow(0.05, 1.0 / Math.max(1, present)),
        choice.notes());
  }

  private static boolean alwaysFits(@Nullable DataType type) {
    return DataType.BLOB.equals(type);
  }

  /** The options say that these are dates or times. */
  private static DataType typeBy(ValueFormat format) {
    return switch (format) {
      case ValueFormat.Epoch(ChronoUnit unit) ->
          unit == ChronoUnit.DAYS ? DataType.DATE : DataType.TIMESTAMP;
      case ValueFormat.Pattern(String pattern) ->
          pattern.matches(".*[HhKkmsSAnN].*") ? DataType.TIMESTAMP : DataType.DATE;
    };
  }
}
