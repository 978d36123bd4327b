package dev.tarn.redis.write;

import dev.tarn.Columns;
import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import dev.tarn.type.DataType.ArrayOf;
import dev.tarn.type.DataType.Decimal;
import dev.tarn.type.DataType.EnumOf;
import dev.tarn.type.DataType.ListOf;
import dev.tarn.type.DataType.MapOf;
import dev.tarn.type.DataType.Other;
import dev.tarn.type.DataType.Simple;
import dev.tarn.type.DataType.Struct;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A column of a frame that is kept as Parquet, and comes back as it was. Parquet has no whole
 * numbers of 128 bits, no offsets of times, and no microseconds of intervals: in the file these are
 * text, also within lists, structs and maps. Others it has in another form, from which a cast leads
 * back: enumerations as text, say.
 */
record KeptColumn(String frame, Field field) {

  private static final Set<Simple> AS_TEXT =
      EnumSet.of(Simple.HUGEINT, Simple.UHUGEINT, Simple.TIMETZ, Simple.INTERVAL);

  /** Of the types that only the engine knows, those that come back. */
  private static final String OTHERS = "BIGNUM|VARIANT|GEOMETRY(\\(.*\\))?";

  /** The frame as it is in the file. */
  static Frame forFile(String name, Frame frame, Schema schema) {
    return cast(
        frame, schema, field -> new Field(field.name(), new KeptColumn(name, field).inFile()));
  }

  /** The frame as it was before. */
  static Frame fromFile(Frame file, Schema schema) {
    return cast(file, file.schema(), field -> schema.field(field.name()).orElse(field));
  }

  private static Frame cast(Frame frame, Schema schema, UnaryOperator<Field> to) {
    Expr[] columns =
        schema.fields().stream().map(field -> column(field, to.apply(field))).toArray(Expr[]::new);
    return frame.select((Object[]) columns);
  }

  private static Expr column(Field from, Field to) {
    Expr.Column column = Columns.col(from.name());
    return from.type().equals(to.type()) ? column : column.cast(to.type()).as(to.name());
  }

  private DataType inFile() {
    return inFile(field.type());
  }

  private DataType inFile(DataType type) {
    return switch (type) {
      case Simple simple -> AS_TEXT.contains(simple) ? DataType.VARCHAR : simple;
      case Decimal decimal -> decimal;
      case EnumOf words -> words;
      case ListOf list -> new ListOf(inFile(list.element()));
      case ArrayOf array -> new ArrayOf(inFile(array.element()), array.length());
      case MapOf map -> new MapOf(inFile(map.key()), inFile(map.value()));
      case Struct struct ->
          new Struct(
              struct.fields().stream()
                  .map(member -> new Field(member.name(), inFile(member.type())))
                  .toList());
      case Other other -> {
        if (!other.sql().matches(OTHERS)) {
          throw new InvalidRequest(
              "Cannot keep frame %s in Redis: column %s is %s, and %s would not come back from Parquet. Cast the column, to VARCHAR for example."
                  .formatted(frame, field.name(), field.type(), other));
        }
        yield other;
      }
    };
  }
}
