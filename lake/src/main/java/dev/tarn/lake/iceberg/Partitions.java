package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.transforms.PartitionSpecVisitor;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Partitions of rows and files. */
public final class Partitions {

  private static final Expr EPOCH = Expr.of(LocalDate.EPOCH);

  private Partitions() {}

  /**
   * The value of each field of a spec, over the table's columns: what Iceberg's transforms give.
   *
   * @throws InvalidRequest when it has a transform that is not known
   */
  public static List<Expr> expressions(PartitionSpec spec) {
    return PartitionSpecVisitor.visit(spec, new Expressions(spec.schema()));
  }

  /**
   * Values of a spec's fields, as {@link dev.tarn.Row} describes them, for a file. Days may be
   * numbers.
   */
  public static PartitionData data(PartitionSpec spec, List<@Nullable Object> values) {
    Types.StructType type = spec.partitionType();
    if (values.size() != type.fields().size()) {
      throw new IllegalArgumentException("values " + values + " for " + spec);
    }
    var data = new PartitionData(type);
    for (int i = 0; i < values.size(); i++) {
      data.put(i, value(type.fields().get(i).type(), values.get(i)));
    }
    return data;
  }

  private static @Nullable Object value(Type type, @Nullable Object value) {
    return type.typeId() == Type.TypeID.DATE && value instanceof Number days
        ? (Object) Math.toIntExact(days.longValue())
        : IcebergTypes.toIceberg(type, value);
  }

  /** The column or member with an id. */
  static Expr column(Schema schema, int id) {
    Map<Integer, Integer> parents = TypeUtil.indexParents(schema.asStruct());
    return column(schema, parents, id);
  }

  private static Expr column(Schema schema, Map<Integer, Integer> parents, int id) {
    Integer parent = parents.get(id);
    String name = schema.findField(id).name();
    return parent == null
        ? new Expr.Column(name)
        : new Expr.Member(column(schema, parents, parent), name);
  }

  private record Expressions(Schema schema) implements PartitionSpecVisitor<Expr> {

    private Expr source(int id) {
      return column(schema, id);
    }

    private Type type(int id) {
      NestedField field = schema.findField(id);
      return field.type();
    }

    @Override
    public Expr identity(int field, String name, int id) {
      return source(id);
    }

    @Override
    public Expr year(int field, String name, int id) {
      return integer(source(id).year().minus(1970));
    }

    @Override
    public Expr month(int field, String name, int id) {
      Expr years = source(id).year().minus(1970);
      return integer(years.times(12).plus(source(id).month()).minus(1));
    }

    @Override
    public Expr day(int field, String name, int id) {
      return integer(days(id));
    }

    @Override
    public Expr hour(int field, String name, int id) {
      return integer(days(id).times(24).plus(source(id).hour()));
    }

    /** Days since 1970; a timestamp before it belongs to the day that it lies in. */
    private Expr days(int id) {
      Expr source = source(id);
      return EPOCH.until(
          type(id).typeId() == Type.TypeID.DATE ? source : source.cast(DataType.DATE), "day");
    }

    private static Expr integer(Expr expr) {
      return expr.cast(DataType.INTEGER);
    }

    @Override
    public Expr truncate(int field, String name, int id, int width) {
      Expr source = source(id);
      Type type = type(id);
      return switch (type.typeId()) {
        case INTEGER -> integer(floored(source.cast(DataType.BIGINT), width));
        case LONG -> floored(source, width);
        case DECIMAL ->
            floored(source, BigDecimal.valueOf(width, ((Types.DecimalType) type).scale()));
        case STRING -> source.substring(1, width);
        case BINARY -> source.call("array_slice", 1, width);
        default -> throw unknown(name, "truncate over " + type);
      };
    }

    /** The greatest multiple that is not above a number, be it negative. */
    private static Expr floored(Expr number, Object width) {
      return number.minus(number.modulo(width).plus(width).modulo(width));
    }

    @Override
    public Expr bucket(int field, String name, int id, int buckets) {
      return new Expr.Call("iceberg_bucket", List.of(Expr.of(buckets), source(id)));
    }

    @Override
    public Expr alwaysNull(int field, String name, int id) {
      return new Expr.Literal(null);
    }

    @Override
    public Expr unknown(int field, String name, int id, String transform) {
      throw unknown(name, transform);
    }

    private static InvalidRequest unknown(String column, String transform) {
      return new InvalidRequest(
          "Cannot partition by column %s: the transform %s is not known. Write with the tool that made it, or change the table's partitions."
              .formatted(column, transform));
    }
  }
}
