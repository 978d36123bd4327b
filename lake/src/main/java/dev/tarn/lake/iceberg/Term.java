package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a member of a struct, in a comparison: maybe under casts that keep its order.
 *
 * @param name its full name for Iceberg
 * @param isMember whether it is a member of a struct: null where that is, which statistics need not
 *     count
 * @param domain what it is compared as
 */
record Term(String name, Type.PrimitiveType type, boolean isMember, Domain domain) {

  /** What the values of a column are compared as. */
  enum Domain {
    BOOLEAN,
    /** Numbers as they are; also those of FLOAT and DOUBLE columns. */
    NUMBER,
    /** Exact numbers that were made single precision. */
    AS_FLOAT,
    /** Exact numbers that were made double precision. */
    AS_DOUBLE,
    /** Dates and times without zone. */
    NAIVE,
    /** Moments. */
    ZONED,
    /** Dates and times of which only the date counts. */
    DAY,
    /** Times of day. */
    CLOCK,
    TEXT,
    BYTES,
    UUID
  }

  static Optional<Term> of(Expr expr, Schema schema) {
    return switch (expr) {
      case Expr.Alias alias -> of(alias.operand(), schema);
      case Expr.Cast cast when cast.onFailure() == Expr.OnFailure.FAIL ->
          of(cast.operand(), schema).flatMap(term -> term.cast(cast.type()));
      default -> field(expr, schema).flatMap(field -> of(field, schema));
    };
  }

  private static Optional<Term> of(NestedField field, Schema schema) {
    String name = schema.findColumnName(field.fieldId());
    NestedField named = name == null ? null : schema.findField(name);
    if (named == null || named.fieldId() != field.fieldId() || !field.type().isPrimitiveType()) {
      return Optional.empty();
    }
    boolean isMember = schema.columns().stream().noneMatch(c -> c.fieldId() == field.fieldId());
    return domain(field.type())
        .map(domain -> new Term(name, field.type().asPrimitiveType(), isMember, domain));
  }

  /** The field that an expression of columns and members means. */
  private static Optional<NestedField> field(Expr expr, Schema schema) {
    return switch (expr) {
      case Expr.Column column -> named(column.name(), schema.columns());
      case Expr.Member member ->
          field(member.operand(), schema)
              .filter(field -> field.type().isStructType())
              .flatMap(field -> named(member.name(), field.type().asStructType().fields()));
      default -> Optional.empty();
    };
  }

  private static Optional<NestedField> named(String name, List<NestedField> fields) {
    List<NestedField> found =
        fields.stream().filter(field -> field.name().equalsIgnoreCase(name)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static Optional<Domain> domain(Type type) {
    return Optional.ofNullable(
        switch (type.typeId()) {
          case BOOLEAN -> Domain.BOOLEAN;
          case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> Domain.NUMBER;
          case DATE -> Domain.NAIVE;
          case TIME -> Domain.CLOCK;
          case TIMESTAMP ->
              ((Types.TimestampType) type).shouldAdjustToUTC() ? Domain.ZONED : Domain.NAIVE;
          case STRING -> Domain.TEXT;
          case BINARY -> Domain.BYTES;
          case UUID -> Domain.UUID;
          case TIMESTAMP_NANO, FIXED, GEOMETRY, GEOGRAPHY, STRUCT, LIST, MAP, VARIANT, UNKNOWN ->
              null;
        });
  }

  /** The same under a cast, where the cast is known to keep what matters. */
  private Optional<Term> cast(DataType target) {
    Domain result =
        switch (domain) {
          case NUMBER -> numberAs(target);
          case AS_FLOAT -> isFloating(target) ? Domain.AS_FLOAT : null;
          case AS_DOUBLE -> target.equals(DataType.DOUBLE) ? Domain.AS_DOUBLE : null;
          case NAIVE -> naiveAs(target);
          case ZONED -> zonedAs(target);
          case DAY -> target.equals(DataType.DATE) ? Domain.DAY : null;
          case CLOCK -> target.equals(DataType.TIME) ? Domain.CLOCK : null;
          case TEXT -> target.equals(DataType.VARCHAR) ? Domain.TEXT : null;
          case BYTES -> target.equals(DataType.BLOB) ? Domain.BYTES : null;
          case UUID -> target.equals(DataType.UUID) ? Domain.UUID : null;
          case BOOLEAN -> target.equals(DataType.BOOLEAN) ? Domain.BOOLEAN : null;
        };
    return Optional.ofNullable(result).map(to -> new Term(name, type, isMember, to));
  }

  private static boolean isFloating(DataType type) {
    return type.equals(DataType.FLOAT) || type.equals(DataType.DOUBLE);
  }

  private @Nullable Domain numberAs(DataType target) {
    return switch (type.typeId()) {
      case FLOAT -> isFloating(target) ? Domain.NUMBER : null;
      case DOUBLE -> target.equals(DataType.DOUBLE) ? Domain.NUMBER : null;
      default -> exactAs(target);
    };
  }

  private @Nullable Domain exactAs(DataType target) {
    int scale = type instanceof Types.DecimalType decimal ? decimal.scale() : 0;
    if (isFloating(target)) {
      return target.equals(DataType.FLOAT) ? Domain.AS_FLOAT : Domain.AS_DOUBLE;
    }
    boolean keepsDigits =
        target instanceof DataType.Decimal decimal
            ? decimal.scale() >= scale
            : scale == 0 && IcebergTypes.isInteger(target);
    return keepsDigits ? Domain.NUMBER : null;
  }

  private @Nullable Domain naiveAs(DataType target) {
    boolean isDate = type.typeId() == Type.TypeID.DATE;
    return switch (target) {
      case DataType.Simple.TIMESTAMP, DataType.Simple.TIMESTAMP_NS -> Domain.NAIVE;
      case DataType.Simple.TIMESTAMP_S, DataType.Simple.TIMESTAMP_MS ->
          isDate ? Domain.NAIVE : null;
      case DataType.Simple.TIMESTAMPTZ -> Domain.ZONED; // engines run in UTC
      case DataType.Simple.DATE -> isDate ? Domain.NAIVE : Domain.DAY;
      default -> null;
    };
  }

  private @Nullable Domain zonedAs(DataType target) {
    return switch (target) {
      case DataType.Simple.TIMESTAMPTZ -> Domain.ZONED;
      case DataType.Simple.TIMESTAMP -> Domain.NAIVE;
      case DataType.Simple.DATE -> type.typeId() == Type.TypeID.DATE ? null : Domain.DAY;
      default -> null;
    };
  }
}
