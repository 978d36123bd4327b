package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.TableColumn;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;

class IcebergTypesTest {

  @Test
  void eachTypeBecomesTheNarrowestThatHoldsIt() {
    Map<DataType, Type> types =
        Map.of(
            DataType.TINYINT,
            Types.IntegerType.get(),
            DataType.Simple.USMALLINT,
            Types.IntegerType.get(),
            DataType.Simple.UINTEGER,
            Types.LongType.get(),
            DataType.Simple.UBIGINT,
            Types.DecimalType.of(20, 0),
            DataType.HUGEINT,
            Types.DecimalType.of(38, 0),
            DataType.JSON,
            Types.StringType.get(),
            DataType.Simple.TIMESTAMP_NS,
            Types.TimestampType.withoutZone(),
            DataType.TIMESTAMPTZ,
            Types.TimestampType.withZone(),
            new DataType.EnumOf(List.of("a")),
            Types.StringType.get());
    types.forEach((type, expected) ->
        assertThat(IcebergTypes.type("x", type, () -> 0)).as("%s", type).isEqualTo(expected));
  }

  @Test
  void idsAreUnique() {
    DataType nested =
        DataType.struct(
            new Field("a", DataType.list(DataType.INTEGER)),
            new Field("b", DataType.map(DataType.VARCHAR, DataType.DATE)));
    Schema schema = IcebergTypes.schema(dev.tarn.type.Schema.of("x", nested, "y", DataType.BIGINT));
    assertThat(schema.idToName().values())
        .containsExactlyInAnyOrder("x", "y", "x.a", "x.b", "x.a.element", "x.b.key", "x.b.value");
    assertThat(schema.columns()).allMatch(NestedField::isOptional);
    assertThat(IcebergTypes.schema(schema).fields())
        .containsExactly(new Field("x", nested), new Field("y", DataType.BIGINT));
  }

  @Test
  void columnsHaveIdsOfTheirParts() {
    Schema schema =
        IcebergTypes.schema(dev.tarn.type.Schema.of("x", DataType.list(DataType.INTEGER)));
    assertThat(IcebergTypes.columns(schema))
        .containsExactly(
            new TableColumn(
                1,
                "x",
                DataType.list(DataType.INTEGER),
                List.of(new TableColumn(2, "element", DataType.INTEGER, List.of(), null)),
                null));
  }

  @Test
  void typesThatTablesDoNotHaveAreNamed() {
    assertThatThrownBy(() ->
            IcebergTypes.schema(
                dev.tarn.type.Schema.of(
                    "x", DataType.struct(new Field("i", DataType.Simple.INTERVAL)))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot store column x.i: datasets have no type for INTERVAL. Cast it to VARCHAR, or"
                + " store a number.");
    assertThatThrownBy(
            () -> IcebergTypes.schema(dev.tarn.type.Schema.of("x", DataType.Simple.NULL)))
        .hasMessage(
            "Cannot store column x: datasets have no type for a bare NULL. Cast it to the type that"
                + " it should have.");
  }

  @Test
  void typesThatCannotBeReadAreNamed() {
    var schema = new Schema(NestedField.optional(1, "v", Types.VariantType.get()));
    assertThatThrownBy(() -> IcebergTypes.schema(schema))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read column v: there is no type for variant. Read the table with a tool that"
                + " has one, or drop the column.");
    assertThat(IcebergTypes.type(Types.TimestampNanoType.withoutZone()))
        .isEqualTo(DataType.Simple.TIMESTAMP_NS);
    assertThat(IcebergTypes.type(Types.FixedType.ofLength(4))).isEqualTo(DataType.BLOB);
  }

  @Test
  void valuesGoThereAndBack() {
    var table = new RandomTable(new Random(7));
    for (Field field : RandomTable.COLUMNS.fields()) {
      Type type = RandomTable.SCHEMA.findType(field.name());
      for (int i = 0; type.isPrimitiveType() && i < 100; i++) {
        Object value = table.value(field.type());
        assertThat(IcebergTypes.toJava(type, IcebergTypes.toIceberg(type, value))).isEqualTo(value);
      }
    }
  }

  @Test
  void valuesAreWhatIcebergHolds() {
    assertThat(IcebergTypes.toIceberg(Types.DateType.get(), LocalDate.of(1969, 12, 31)))
        .isEqualTo(-1);
    assertThat(IcebergTypes.toIceberg(Types.TimeType.get(), LocalTime.of(0, 0, 1)))
        .isEqualTo(1_000_000L);
    assertThat(
            IcebergTypes.toIceberg(
                Types.TimestampType.withoutZone(),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000)))
        .isEqualTo(-1L);
    assertThat(
            IcebergTypes.toIceberg(
                Types.TimestampType.withZone(),
                OffsetDateTime.of(1970, 1, 1, 1, 0, 0, 0, ZoneOffset.ofHours(1))))
        .isEqualTo(0L);
    assertThat(IcebergTypes.toIceberg(Types.DecimalType.of(20, 2), BigInteger.TWO))
        .isEqualTo(new BigDecimal("2.00"));
    assertThat(IcebergTypes.toIceberg(Types.LongType.get(), 5)).isEqualTo(5L);
    assertThatThrownBy(() -> IcebergTypes.toIceberg(Types.IntegerType.get(), 1L << 40))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot convert 1099511627776 to int: it does not fit. Give a value of the column's"
                + " type.");
  }
}
