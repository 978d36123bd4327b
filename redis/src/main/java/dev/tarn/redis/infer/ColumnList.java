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

  /** Of more different fields, the later ones are counted only: a map may have millions. */
  private static final int MOST_FIELDS = 20_000;

  private static final int MOST_LEFT_OUT = 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final boolean whole;
  private final ScanOptions options;
  private final Named<JsonShape> shapes = new Named<>(MOST_FIELDS, name -> new JsonShape());
  private final Named<Values> fields = new Named<>(MOST_FIELDS, name -> new Values());
  private final Named<String> notText = new Named<>(MOST_LEFT_OUT, name -> name);
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
    if (!Utf8.isValid(name)) {
      notText.of(Texts.plain(name));
      return;
    }
    Values values = fields.of(new String(name, UTF_8));
    if (values != null) {
      values.add(value);
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
        JsonShape shape = shapes.of(name);
        if (shape == null) {
          parser.skipChildren();
        } else {
          shape.add(parser);
        }
      }
    } catch (IOException e) {
      notObjects++;
    }
  }

  InferredSchema schema(String source) {
    List<Column> all =
        Stream.concat(
                fields.kept().entrySet().stream().map(e -> column(e.getKey(), e.getValue())),
                shapes.kept().entrySet().stream().map(e -> column(e.getKey(), e.getValue())))
            .toList();
    var notes = new ArrayList<String>();
    List<Column> kept = mostPresent(withoutTwins(all, notes), notes);
    if (notText.size() > 0) {
      notes.add("left out, as their names are no UTF-8 text: " + leftOut());
    }
    if (notObjects > 0) {
      notes.add(
          String.format(
              Locale.ROOT, "%,d documents are no objects, and have no columns", notObjects));
    }
    return new InferredSchema(source, keys, whole, kept, notes);
  }

  private String leftOut() {
    String names = String.join(", ", new TreeSet<>(notText.kept().keySet()));
    return notText.others() == 0
        ? names
        : String.format(Locale.ROOT, "%s and %,d more", names, notText.others());
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

  private List<Column> mostPresent(List<Column> all, List<String> notes) {
    if (all.size() <= MOST_COLUMNS) {
      return all;
    }
    long others = fields.others() + shapes.others();
    notes.add(
        String.format(
            Locale.ROOT,
            "there are %,d different fields, which is a map rather than a table; %sthe %d that most keys have are columns",
            all.size() + others,
            others == 0 ? "" : String.format(Locale.ROOT, "of the first %,d, ", MOST_FIELDS),
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
