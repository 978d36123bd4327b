package dev.tarn.lake.iceberg;

import dev.tarn.lake.iceberg.EntryValues.Numeric;
import dev.tarn.lake.iceberg.EntryValues.Range;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the writer of a manifest has laid out its entries: a step for each field, in the order of the
 * file. Fields are known by their ids, and those that nobody asks for are stepped over.
 */
final class EntryLayout {

  /** Reads a value, or steps over it. */
  interface Step {
    void read(AvroCursor in);
  }

  private static final int DATA_FILE = 2;
  private static final int VALUES = 109;
  private static final int NULLS = 110;
  private static final int NANS = 137;
  private static final int LOWER = 125;
  private static final int UPPER = 128;

  private static final Set<Schema.Type> INTEGERS = EnumSet.of(Schema.Type.INT, Schema.Type.LONG);
  private static final Set<Schema.Type> BYTES = EnumSet.of(Schema.Type.STRING, Schema.Type.BYTES);

  private final EntryValues values;
  private final BoundsBuilder bounds;
  private final Set<Numeric> numbers = EnumSet.noneOf(Numeric.class);
  private final Set<Range> ranges = EnumSet.noneOf(Range.class);
  private boolean unknown;
  private int file;
  private @Nullable Schema partition;
  private final Step step;

  private EntryLayout(Schema written, EntryValues values, BoundsBuilder bounds) {
    this.values = values;
    this.bounds = bounds;
    this.step = record(written);
  }

  /** The layout, which puts what it reads into the given places; null where it is not known. */
  static @Nullable EntryLayout of(Schema written, EntryValues values, BoundsBuilder bounds) {
    if (written.getType() != Schema.Type.RECORD) {
      return null;
    }
    var layout = new EntryLayout(written, values, bounds);
    boolean whole =
        layout.numbers.containsAll(Set.of(Numeric.STATUS, Numeric.RECORDS, Numeric.BYTES))
            && layout.ranges.containsAll(Set.of(Range.PATH, Range.FORMAT));
    return whole && !layout.unknown ? layout : null;
  }

  /** How partitions are written; null where they are not. */
  @Nullable Schema partition() {
    return partition;
  }

  /** Reads the next entry, which is that of the file of this position. */
  void read(AvroCursor in, int position) {
    file = position;
    values.clear();
    step.read(in);
  }

  private Step record(Schema record) {
    var steps = new ArrayList<Step>();
    for (Schema.Field field : record.getFields()) {
      Object id = field.getObjectProp("field-id");
      steps.add(
          id instanceof Integer known
              ? optional(field.schema(), type -> field(known, type))
              : AvroSkips.of(field.schema()));
    }
    return inOrder(steps);
  }

  static Step inOrder(List<Step> steps) {
    Step[] all = steps.toArray(new Step[0]);
    return in -> {
      for (Step one : all) {
        one.read(in);
      }
    };
  }

  private Step optional(Schema type, Function<Schema, Step> present) {
    if (type.getType() != Schema.Type.UNION) {
      return present.apply(type);
    }
    List<Schema> branches = type.getTypes();
    if (branches.size() != 2
        || (branches.get(0).getType() == Schema.Type.NULL)
            == (branches.get(1).getType() == Schema.Type.NULL)) {
      return unknown();
    }
    int some = branches.get(0).getType() == Schema.Type.NULL ? 1 : 0;
    Step value = present.apply(branches.get(some));
    return in -> {
      long branch = in.number();
      if (branch == some) {
        value.read(in);
      } else if (branch != 1 - some) {
        throw AvroCursor.damaged("a value has no such type");
      }
    };
  }

  /** Iceberg's own reader is asked where something is written in a way that is not known here. */
  private Step unknown() {
    unknown = true;
    return in -> {};
  }

  private Step field(int id, Schema type) {
    for (Numeric number : Numeric.values()) {
      if (number.id == id) {
        return number(number, type);
      }
    }
    for (Range range : Range.values()) {
      if (range.id == id) {
        return range(range, type);
      }
    }
    return switch (id) {
      case DATA_FILE -> type.getType() == Schema.Type.RECORD ? record(type) : unknown();
      case VALUES -> counts(type, 119, 120, column -> column.values);
      case NULLS -> counts(type, 121, 122, column -> column.nulls);
      case NANS -> counts(type, 138, 139, column -> column.nans);
      case LOWER -> bounds(type, 126, 127, column -> column.lower);
      case UPPER -> bounds(type, 129, 130, column -> column.upper);
      default -> AvroSkips.of(type);
    };
  }

  private Step number(Numeric which, Schema type) {
    numbers.add(which);
    return INTEGERS.contains(type.getType()) ? in -> values.set(which, in.number()) : unknown();
  }

  private Step range(Range which, Schema type) {
    return switch (which) {
      case PATH, FORMAT, KEY -> text(which, type);
      case PARTITION -> partition(type);
      case SPLITS -> splits(type);
    };
  }

  private Step text(Range which, Schema type) {
    ranges.add(which);
    return BYTES.contains(type.getType())
        ? in -> {
          int from = in.text();
          values.set(which, from, in.length());
        }
        : unknown();
  }

  private Step partition(Schema type) {
    partition = type;
    return type.getType() == Schema.Type.RECORD ? skipped(Range.PARTITION, type) : unknown();
  }

  private Step splits(Schema type) {
    return type.getType() == Schema.Type.ARRAY && INTEGERS.contains(type.getElementType().getType())
        ? skipped(Range.SPLITS, type)
        : unknown();
  }

  private Step skipped(Range which, Schema type) {
    Step skip = AvroSkips.of(type);
    return in -> {
      int from = in.position();
      skip.read(in);
      values.set(which, from, in.position() - from);
    };
  }

  private Step counts(
      Schema type, int key, int value, Function<ColumnBounds.Builder, PackedLongs.Builder> which) {
    if (!isMap(type, key, value, INTEGERS)) {
      return unknown();
    }
    return in -> {
      for (long items = in.items(); items != 0; items = in.items()) {
        for (; items > 0; items--) {
          ColumnBounds.Builder column = bounds.column(in.integer());
          long count = in.number();
          if (column != null) {
            which.apply(column).put(file, count);
          }
        }
      }
    };
  }

  private Step bounds(
      Schema type, int key, int value, Function<ColumnBounds.Builder, PackedBytes.Builder> which) {
    if (!isMap(type, key, value, BYTES)) {
      return unknown();
    }
    return in -> {
      for (long items = in.items(); items != 0; items = in.items()) {
        for (; items > 0; items--) {
          ColumnBounds.Builder column = bounds.column(in.integer());
          int from = in.text();
          if (column != null) {
            which.apply(column).put(file, in.bytes(), from, in.length());
          }
        }
      }
    };
  }

  /** Whether it is a list of keys and values, which is how maps without text keys are written. */
  private static boolean isMap(Schema type, int key, int value, Set<Schema.Type> values) {
    if (type.getType() != Schema.Type.ARRAY
        || type.getElementType().getType() != Schema.Type.RECORD) {
      return false;
    }
    List<Schema.Field> fields = type.getElementType().getFields();
    return fields.size() == 2
        && Integer.valueOf(key).equals(fields.get(0).getObjectProp("field-id"))
        && Integer.valueOf(value).equals(fields.get(1).getObjectProp("field-id"))
        && fields.get(0).schema().getType() == Schema.Type.INT
        && values.contains(fields.get(1).schema().getType());
  }
}
