package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is written is read back as the same values, whatever their type. */
class WriteReadsBackTest extends RedisTest {

  private static final int ROWS = 300;

  private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("BOOLEAN", List.of("true", "false"));
    VALUES.put("TINYINT", List.of("-128", "127", "0"));
    VALUES.put("SMALLINT", List.of("-32768", "32767"));
    VALUES.put("INTEGER", List.of("-2147483648", "2147483647", "42"));
    VALUES.put("BIGINT", List.of("'-9223372036854775808'", "9223372036854775807", "0", "-1"));
    VALUES.put(
        "HUGEINT",
        List.of(
            "'-170141183460469231731687303715884105728'",
            "'170141183460469231731687303715884105727'"));
    VALUES.put("UTINYINT", List.of("0", "255"));
    VALUES.put("USMALLINT", List.of("0", "65535"));
    VALUES.put("UINTEGER", List.of("0", "4294967295"));
    VALUES.put("UBIGINT", List.of("0", "18446744073709551615"));
    VALUES.put("UHUGEINT", List.of("0", "'340282366920938463463374607431768211455'"));
    VALUES.put(
        "FLOAT", List.of("0.1", "'nan'", "'inf'", "'-inf'", "'-0.0'", "3.4028235e38", "1e-45"));
    VALUES.put(
        "DOUBLE",
        List.of(
            "0.1",
            "'nan'",
            "'inf'",
            "'-inf'",
            "'-0.0'",
            "1.7976931348623157e308",
            "5e-324",
            "0.30000000000000004",
            "123456789012345678"));
    VALUES.put("DECIMAL(38,10)", List.of("'-1234567890123456789012345678.0000000001'", "0", "1.5"));
    VALUES.put("DECIMAL(5,0)", List.of("99999", "-1"));
    VALUES.put(
        "VARCHAR",
        List.of(
            "''",
            "'a\"b''c\\d'",
            "'line' || chr(10) || chr(13) || chr(0) || 'x'",
            "'äöü€😀'",
            "'$3'"));
    VALUES.put("BLOB", List.of("''", "'\\x00\\xff\\x0d\\x0a$1'", "'abc'"));
    VALUES.put("DATE", List.of("'0001-01-01'", "'2024-02-29'", "'9999-12-31'", "'12345-06-07'"));
    VALUES.put("TIME", List.of("'00:00:00'", "'23:59:59.999999'", "'10:20:00'"));
    VALUES.put(
        "TIMESTAMP",
        List.of("'2024-01-01 00:00:00'", "'1969-12-31 23:59:59.999999'", "'0001-01-01 10:00:00'"));
    VALUES.put("TIMESTAMP_S", List.of("'2024-01-01 00:00:01'"));
    VALUES.put("TIMESTAMP_MS", List.of("'2024-01-01 00:00:01.123'"));
    VALUES.put(
        "TIMESTAMP WITH TIME ZONE",
        List.of("'2024-06-01 12:00:00+02'", "'1900-01-01 00:00:00.000001+00'"));
    VALUES.put("UUID", List.of("'123e4567-e89b-12d3-a456-426614174000'"));
    VALUES.put("JSON", List.of("'{\"a\":[1,2.50,null,\"x\"]}'", "'null'", "'\"text\"'"));
    VALUES.put("ENUM('a', 'b c', 'd''e')", List.of("'a'", "'b c'", "'d''e'"));
    VALUES.put("BIGINT[]", List.of("[1, NULL, 3]", "[]"));
    VALUES.put("VARCHAR[]", List.of("['a', '\"', NULL, '']"));
    VALUES.put("DOUBLE[]", List.of("['nan'::DOUBLE, 'inf'::DOUBLE, 0.1, NULL]"));
    VALUES.put("DECIMAL(30,4)[]", List.of("[1.5, 12345678901234567890.1234]"));
    VALUES.put("TIMESTAMP[]", List.of("['2024-01-01 10:00:00'::TIMESTAMP]"));
    VALUES.put("BIGINT[2]", List.of("[1, 2]"));
    VALUES.put(
        "STRUCT(a BIGINT, b VARCHAR, c DATE)",
        List.of("{'a': 1, 'b': 'x', 'c': DATE '2024-01-01'}", "{'a': NULL, 'b': NULL, 'c': NULL}"));
    VALUES.put(
        "STRUCT(l STRUCT(x DOUBLE)[], u UUID)[]",
        List.of("[{'l': [{'x': 0.1}, NULL], 'u': '123e4567-e89b-12d3-a456-426614174000'::UUID}]"));
    VALUES.put("MAP(VARCHAR, BIGINT)", List.of("MAP {'a': 1, 'b': NULL}", "MAP {}"));
    VALUES.put("MAP(DATE, VARCHAR[])", List.of("MAP {DATE '2024-01-01': ['x']}"));
  }

  private Frame rows(Random random) {
    var columns = new ArrayList<String>();
    columns.add("i AS id");
    columns.add("'always' AS some");
    int seed = random.nextInt();
    VALUES.forEach((type, values) -> {
      String list =
          values.stream()
              .map(value -> "CAST(%s AS %s)".formatted(value, type))
              .collect(Collectors.joining(", "));
      columns.add(
          "[%s, NULL][CAST(1 + hash(i, %d, %d) %% %d AS BIGINT)] AS c%d"
              .formatted(list, seed, columns.size(), values.size() + 1, columns.size()));
    });
    return tarn.sql("SELECT %s FROM range(%d) t(i)".formatted(String.join(", ", columns), ROWS));
  }

  @Test
  void asHashes() {
    Seeds.each(
        Seeds.rounds(2, 50),
        random -> {
          server.command("FLUSHALL");
          Frame rows = rows(random);
          rows.write(redis.toHashes("r:").key("id"));
          Frame read = redis.hashes("r:*", withoutId(rows.schema()));
          assertSame(rows, read);
        });
  }

  private static Schema withoutId(Schema schema) {
    return new Schema(schema.fields().subList(1, schema.size()));
  }

  private static void assertSame(Frame written, Frame read) {
    List<Row> before = written.collect().stream().toList();
    Map<String, Row> after = new LinkedHashMap<>();
    read.collect().stream().forEach(row -> after.put(row.text("_key"), row));
    assertThat(after).hasSize(before.size());
    List<Field> fields = written.schema().fields();
    for (Row row : before) {
      Row back = after.get("r:" + row.text("id"));
      for (Field field : fields.subList(1, fields.size())) {
        assertThat(back.value(field.name()))
            .as("%s %s", row.text("id"), field)
            .isEqualTo(row.value(field.name()));
      }
    }
  }

  private static Object comparable(Object value) {
    return value instanceof byte[] bytes ? java.util.HexFormat.of().formatHex(bytes) : value;
  }

  @Test
  void asStrings() {
    Seeds.each(
        1,
        random -> {
          Frame rows = rows(random);
          for (Field field : withoutId(rows.schema()).fields()) {
            server.command("FLUSHALL");
            rows.select("id", field.name()).write(redis.toStrings("r:").key("id"));
            List<Row> read =
                redis.strings("r:*", field.type()).sort("_key").collect().stream().toList();
            List<Row> expected =
                rows
                    .filter(dev.tarn.Columns.col(field.name()).isNotNull())
                    .select(
                        dev.tarn.Columns.col("id").cast(DataType.VARCHAR).as("id"), field.name())
                    .sort("id")
                    .collect()
                    .stream()
                    .toList();
            assertThat(read.stream().map(r -> comparable(r.value("value"))).toList())
                .as("%s", field)
                .isEqualTo(expected.stream().map(r -> comparable(r.value(field.name()))).toList());
          }
        });
  }
}
