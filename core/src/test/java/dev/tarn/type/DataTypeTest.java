package dev.tarn.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataTypeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BOOLEAN",
        "BIGINT",
        "DECIMAL(38,0)",
        "TIMESTAMP WITH TIME ZONE",
        "TIME WITH TIME ZONE",
        "TIMESTAMP_NS",
        "VARCHAR[]",
        "INTEGER[3][]",
        "STRUCT(a INTEGER, \"B c\" VARCHAR[])",
        "STRUCT(\"a\"\"b\" STRUCT(x DATE))[]",
        "MAP(VARCHAR, STRUCT(k BIGINT))",
        "ENUM('x', 'it''s')",
        "UNION(n INTEGER, s VARCHAR)",
        "GEOMETRY"
      })
  void typesAreReadBackFromTheirText(String sql) {
    assertThat(DataType.parse(sql)).hasToString(sql);
    assertThat(DataType.parse(DataType.parse(sql).toString())).isEqualTo(DataType.parse(sql));
  }

  @Test
  void otherNamesOfTypesAreKnown() {
    assertThat(DataType.parse("text")).isEqualTo(DataType.VARCHAR);
    assertThat(DataType.parse(" varchar(20) ")).isEqualTo(DataType.VARCHAR);
    assertThat(DataType.parse("double precision")).isEqualTo(DataType.DOUBLE);
    assertThat(DataType.parse("timestamptz")).isEqualTo(DataType.TIMESTAMPTZ);
    assertThat(DataType.parse("numeric(10)")).isEqualTo(DataType.decimal(10, 0));
    assertThat(DataType.parse("int[]")).isEqualTo(DataType.list(DataType.INTEGER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "INTEGER[",
        "DECIMAL(40,2)",
        "STRUCT(a INTEGER",
        "MAP(INTEGER)",
        "ENUM(x)",
        "INTEGER,",
        "DECIMAL(x)"
      })
  void whatIsNoTypeIsRefused(String sql) {
    assertThatThrownBy(() -> DataType.parse(sql)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void schemasFindColumnsWithoutRegardToCaseAndHaveEachOnce() {
    Schema schema = Schema.of("id", DataType.BIGINT, "Name", DataType.VARCHAR);
    assertThat(schema.indexOf("NAME")).isEqualTo(1);
    assertThat(schema.indexOf("nope")).isEqualTo(-1);
    assertThat(schema.names()).isEqualTo(List.of("id", "Name"));
    assertThatThrownBy(() -> Schema.of("a", DataType.DATE, "A", DataType.DATE))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot build schema: column A is there twice. Rename one.");
    assertThatThrownBy(() -> Schema.of("a")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> Schema.of("a", "b")).isInstanceOf(InvalidRequest.class);
  }
}
