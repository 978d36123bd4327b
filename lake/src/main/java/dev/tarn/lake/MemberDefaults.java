package dev.tarn.lake;

import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.struct;
import static dev.tarn.Columns.when;

import dev.tarn.expr.Expr;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.ArrayList;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Members that a frame's structs lack and the dataset has a default for. */
final class MemberDefaults {

  private MemberDefaults() {}

  /** A value and its type. */
  record Typed(Expr value, DataType type) {}

  /**
   * The value with defaults for the members that it lacks, of structs within structs as well; not
   * of those in lists and maps. A struct that is null stays null.
   */
  static Typed filled(Expr value, DataType type, Type column) {
    return type instanceof DataType.Struct from && column.isStructType()
        ? filled(value, from, column.asStructType())
        : new Typed(value, type);
  }

  private static Typed filled(Expr value, DataType.Struct from, Types.StructType to) {
    var fields = new ArrayList<Field>();
    var members = new ArrayList<Expr>();
    for (Field there : from.fields()) {
      Types.NestedField member = to.caseInsensitiveField(there.name());
      Expr given = value.member(there.name());
      Typed full =
          member == null
              ? new Typed(given, there.type())
              : filled(given, there.type(), member.type());
      fields.add(new Field(there.name(), full.type()));
      members.add(full.value().as(there.name()));
    }
    for (Types.NestedField member : to.fields()) {
      boolean lacks = fields.stream().noneMatch(f -> f.name().equalsIgnoreCase(member.name()));
      Object written = IcebergTypes.toJava(member.type(), member.writeDefault());
      if (lacks && written != null) {
        DataType type = IcebergTypes.type(member.type());
        fields.add(new Field(member.name(), type));
        members.add(lit(written).cast(type).as(member.name()));
      }
    }
    if (fields.equals(from.fields())) {
      return new Typed(value, from);
    }
    return new Typed(
        when(value.isNull()).then(lit(null)).otherwise(struct(members.toArray())),
        new DataType.Struct(fields));
  }
}
