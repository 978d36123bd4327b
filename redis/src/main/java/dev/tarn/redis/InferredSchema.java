package dev.tarn.redis;

import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a sample of keys says of their columns. Immutable.
 *
 * <p>A type is proposed only where every value of the sample fits it. What would make a column
 * narrower than its values is not proposed but noted, with how many values stand in the way.
 *
 * @param source what was looked at
 * @param sampled keys that were read
 * @param whole whether these were all there are
 * @param columns in the order of first sight
 * @param notes on what was left out, and why
 */
public record InferredSchema(
    String source, long sampled, boolean whole, List<Column> columns, List<String> notes) {

  public InferredSchema {
    columns = List.copyOf(columns);
    notes = List.copyOf(notes);
  }

  /**
   * A column that is proposed.
   *
   * @param name as the hash or document has it
   * @param type that every value of the sample fits
   * @param present keys of the sample that have it
   * @param missing keys of the sample that do not, or hold null
   * @param seen how many values look like what: {@code integer}, {@code date}, {@code text}, …
   * @param distinct different values in the sample
   * @param examples some of them, shortened
   * @param confidence the share of all values that fit the type at least, with 95 % certainty: what
   *     a sample of its size can say. 1 where all keys were read, or no value can fail to fit.
   * @param notes why the type is not a narrower one, and what would make it one
   */
  public record Column(
      String name,
      DataType type,
      long present,
      long missing,
      Map<String, Long> seen,
      long distinct,
      List<String> examples,
      double confidence,
      List<String> notes) {

    public Column {
      examples = List.copyOf(examples);
      notes = List.copyOf(notes);
    }
  }

  /** The columns that are proposed, for {@link Redis#hashes(String, Schema)} and the like. */
  public Schema schema() {
    return new Schema(columns.stream().map(c -> new Field(c.name(), c.type())).toList());
  }

  /** Prints {@link #toString()}. */
  public void show() {
    System.out.println(this);
  }

  /** As a table, and the notes below it. */
  @Override
  public String toString() {
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "column", "type", "present", "missing", "seen", "distinct", "at least", "examples"));
    for (Column column : columns) {
      rows.add(
          List.of(
              column.name(),
              column.type().toString(),
              count(column.present()),
              count(column.missing()),
              seen(column.seen()),
              count(column.distinct()),
              String.format(Locale.ROOT, "%.1f %%", Math.floor(1000 * column.confidence()) / 10),
              String.join(", ", column.examples())));
    }
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %s, %s%n",
            source,
            sampled == 1 ? "1 key" : count(sampled) + " keys",
            whole ? "all there are" : "at random"));
    text.append(PlainTable.of(rows));
    for (String note : notes) {
      text.append(note).append('\n');
    }
    for (Column column : columns) {
      for (String note : column.notes()) {
        text.append(column.name()).append(": ").append(note).append('\n');
      }
    }
    return text.toString().stripTrailing();
  }

  private static String seen(Map<String, Long> seen) {
    if (seen.size() == 1) {
      return seen.keySet().iterator().next();
    }
    return String.join(
        ", ", seen.entrySet().stream().map(e -> count(e.getValue()) + " " + e.getKey()).toList());
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
