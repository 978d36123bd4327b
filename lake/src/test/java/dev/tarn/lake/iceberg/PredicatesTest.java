package dev.tarn.lake.iceberg;

import static dev.tarn.Columns.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PredicatesTest {

  private static final Schema SCHEMA = RandomTable.SCHEMA;

  @Test
  void constantsBecomeTheColumnsType() {
    assertThat(text(col("i").cast(DataType.decimal(12, 1)).gt(new BigDecimal("1.5"))))
        .isEqualTo("ref(name=\"i\") > 1");
    assertThat(text(col("i").cast(DataType.DOUBLE).eq(1.5))).isEqualTo("false");
    assertThat(text(col("i").cast(DataType.BIGINT).gt(1L << 40))).isEqualTo("false");
    assertThat(text(col("i").cast(DataType.BIGINT).lt(1L << 40)))
        .isEqualTo("not_null(ref(name=\"i\"))");
    assertThat(text(col("dec").ge(new BigDecimal("1.005")))).isEqualTo("ref(name=\"dec\") >= 1.01");
    assertThat(text(col("dt").cast(DataType.TIMESTAMP).gt(LocalDateTime.of(1970, 1, 2, 12, 0))))
        .isEqualTo("ref(name=\"dt\") > 1");
    assertThat(text(col("ts").cast(DataType.DATE).eq(LocalDate.of(1970, 1, 2))))
        .isEqualTo(
            "(ref(name=\"ts\") >= 86400000000 and (not_null(ref(name=\"ts\")) and ref(name=\"ts\")"
                + " < 172800000000))");
  }

  @Test
  void notIsPushedDown() {
    assertThat(text(col("i").gt(1).and(col("s").eq("x")).not()))
        .isEqualTo(
            "((not_null(ref(name=\"i\")) and ref(name=\"i\") <= 1) or (not_null(ref(name=\"s\"))"
                + " and ref(name=\"s\") != \"x\"))");
  }

  @Test
  void whatCannotBeConvertedIsNamed() {
    Expr odd = col("i").modulo(2).eq(1);
    Expr known = col("I").eq(1);
    Predicates.Converted converted = Predicates.convert(List.of(odd, known, odd.or(known)), SCHEMA);
    assertThat(converted.used()).containsExactly(known);
    assertThat(converted.unused()).containsExactly(odd, odd.or(known));
    assertThat(text(odd.and(known))).isEqualTo("ref(name=\"i\") == 1");
  }

  @Test
  void nanIsGreaterThanAllNumbers() {
    assertThat(text(col("d").gt(1.0))).contains("is_nan");
    assertThat(text(col("d").lt(1.0))).doesNotContain("is_nan");
    assertThat(text(col("d").eq(Double.NaN))).isEqualTo("is_nan(ref(name=\"d\"))");
    assertThat(text(col("d").eq(0))).contains("-0.0").contains(" 0.0");
  }

  @Test
  void constantsUnderCastsAreRead() {
    assertThat(
            text(
                col("dt")
                    .eq(new Expr.Cast(Expr.of("1970-01-03"), DataType.DATE, Expr.OnFailure.FAIL))))
        .isEqualTo("ref(name=\"dt\") == 2");
    assertThat(text(col("ts").ge(Expr.of("1970-01-01 00:00:01").cast(DataType.TIMESTAMP))))
        .isEqualTo("ref(name=\"ts\") >= 1000000");
    assertThat(text(col("tz").ge(Expr.of("1970-01-01 02:00:01.5+02").cast(DataType.TIMESTAMPTZ))))
        .isEqualTo("ref(name=\"tz\") >= 1500000");
    assertThat(text(col("tz").ge(Expr.of("1970-01-01 02:00:00+05:30").cast(DataType.TIMESTAMPTZ))))
        .isEqualTo("ref(name=\"tz\") >= -12600000000");
    assertThat(text(col("tz").ge(Expr.of("1970-01-01 02:00:00+00").cast(DataType.TIMESTAMPTZ))))
        .isEqualTo("ref(name=\"tz\") >= 7200000000");
    assertThat(text(col("tz").ge(Expr.of("1970-01-01 02:00:00").cast(DataType.TIMESTAMPTZ))))
        .isEqualTo("true");
  }

  @Test
  void columnsWithDotsAreNoMembers() {
    var schema =
        new Schema(
            Types.NestedField.optional(1, "a.b", Types.IntegerType.get()),
            Types.NestedField.optional(
                2,
                "c",
                Types.StructType.of(Types.NestedField.optional(3, "d", Types.IntegerType.get()))));
    assertThat(Predicates.convert(List.of(col("a.b").eq(1)), schema).expression().toString())
        .isEqualTo("ref(name=\"a.b\") == 1");
    assertThat(
            Predicates.convert(List.of(col("c").member("D").eq(1)), schema).expression().toString())
        .isEqualTo("ref(name=\"c.d\") == 1");
    assertThat(Predicates.convert(List.of(col("c.d").eq(1)), schema).unused()).hasSize(1);
  }

  @Test
  void manyValuesHaveARange() {
    Object[] values = IntStream.range(0, 500).boxed().toArray();
    assertThat(text(col("i").in(values))).contains(">= 0").contains("<= 499");
  }

  private static String text(Expr filter) {
    return Predicates.convert(List.of(filter), SCHEMA).expression().toString();
  }

  // ---- random filters and rows: what is true for a row is true for Iceberg

  @Test
  void noRowIsEverLost() {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    int rounds = System.getProperty("tarn.campaign", "").equals("long") ? 1_000_000 : 20_000;
    var random = new Random(seed);
    var table = new RandomTable(random);
    var filters = new Filters(random, table);
    int pruned = 0;
    for (int i = 0; i < rounds; i++) {
      Expr filter = filters.filter(3);
      Expression expression = Predicates.convert(List.of(filter), SCHEMA).expression();
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      for (int r = random.nextInt(3); r >= 0; r--) {
        rows.add(table.row());
      }
      pruned += check("seed " + seed, filter, expression, rows) ? 1 : 0;
    }
    assertThat(pruned).as("files that were pruned").isGreaterThan(rounds / 10);
  }

  static final List<PartitionSpec> SPECS = specs();

  private static List<PartitionSpec> specs() {
    var specs = new ArrayList<PartitionSpec>();
    for (String name :
        List.of("b", "i", "l", "f", "d", "dec", "big", "dt", "tm", "ts", "tz", "s", "u", "bin")) {
      specs.add(PartitionSpec.builderFor(SCHEMA).identity(name).build());
    }
    for (String name : List.of("i", "l", "dec", "big", "s", "bin", "st.x", "st.y")) {
      specs.add(PartitionSpec.builderFor(SCHEMA).truncate(name, 3).build());
    }
    for (String name : List.of("i", "l", "dec", "big", "dt", "tm", "ts", "tz", "s", "u", "bin")) {
      specs.add(PartitionSpec.builderFor(SCHEMA).bucket(name, 4).build());
    }
    for (String name : List.of("dt", "ts", "tz")) {
      specs.add(PartitionSpec.builderFor(SCHEMA).year(name).build());
      specs.add(PartitionSpec.builderFor(SCHEMA).month(name).build());
      specs.add(PartitionSpec.builderFor(SCHEMA).day(name).build());
    }
    specs.add(PartitionSpec.builderFor(SCHEMA).hour("ts").build());
    specs.add(PartitionSpec.builderFor(SCHEMA).hour("tz").build());
    return specs;
  }

  private static boolean check(
      String seed, Expr filter, Expression expression, List<Map<String, @Nullable Object>> rows) {
    var evaluator = new Evaluator(SCHEMA.asStruct(), expression, true);
    boolean any = false;
    for (var row : rows) {
      if (Boolean.TRUE.equals(SqlRows.value(filter, row))) {
        any = true;
        assertThat(evaluator.eval(RandomTable.struct(SCHEMA, row)))
            .as("%s: %s as %s for %s", seed, filter, expression, row)
            .isTrue();
        for (PartitionSpec spec : SPECS) {
          if (wrapsAround(spec, row)) {
            continue;
          }
          assertThat(
                  new Evaluator(
                          spec.partitionType(),
                          Projections.inclusive(spec).project(expression),
                          true)
                      .eval(partition(spec, row)))
              .as("%s: %s as %s for %s by %s", seed, filter, expression, row, spec)
              .isTrue();
        }
      }
    }
    DataFile file =
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath("/x.parquet")
            .withFileSizeInBytes(1)
            .withMetrics(FileMetrics.of(rows.size(), RandomTable.stats(rows), SCHEMA))
            .build();
    boolean kept = new InclusiveMetricsEvaluator(SCHEMA, expression, true).eval(file);
    assertThat(kept || !any).as("%s: %s as %s for %s", seed, filter, expression, rows).isTrue();
    return !kept;
  }

  /** Iceberg's truncate gives a great number for the least: it has partitions that lie. */
  private static boolean wrapsAround(PartitionSpec spec, Map<String, @Nullable Object> row) {
    Object value =
        switch (spec.fields().getFirst().name()) {
          case "i_trunc" -> row.get("i");
          case "l_trunc" -> row.get("l");
          case "st.x_trunc" -> row.get("st") instanceof Map<?, ?> struct ? struct.get("x") : null;
          default -> null;
        };
    return Integer.valueOf(Integer.MIN_VALUE).equals(value)
        || Long.valueOf(Long.MIN_VALUE).equals(value);
  }

  static PartitionData partition(PartitionSpec spec, Map<String, @Nullable Object> row) {
    var data = new PartitionData(spec.partitionType());
    var key = new org.apache.iceberg.PartitionKey(spec, SCHEMA);
    key.partition(RandomTable.struct(SCHEMA, row));
    for (int i = 0; i < data.size(); i++) {
      data.set(i, key.get(i, Object.class));
    }
    return data;
  }

  /** Makes filters. */
  record Filters(Random random, RandomTable table) {

    Expr filter(int depth) {
      return switch (depth == 0 ? random.nextInt(6) + 4 : random.nextInt(10)) {
        case 0, 1 -> new Expr.And(List.of(filter(depth - 1), filter(depth - 1)));
        case 2 -> new Expr.Or(List.of(filter(depth - 1), filter(depth - 1)));
        case 3 -> new Expr.Not(filter(depth - 1));
        default -> leaf();
      };
    }

    private Expr leaf() {
      Field field = table.one(RandomTable.COLUMNS.fields().toArray(Field[]::new));
      Expr column = new Expr.Column(field.name());
      DataType type = field.type();
      if (type instanceof DataType.Struct struct) {
        Field member = table.one(struct.fields().toArray(Field[]::new));
        column = column.member(member.name());
        type = member.type();
      }
      return switch (random.nextInt(12)) {
        case 0 -> new Expr.IsNull(column);
        case 1 -> type.equals(DataType.BOOLEAN) ? column : compared(column, type);
        case 2 -> new Expr.In(column, List.of(constant(type), constant(type), constant(type)));
        case 3 -> new Expr.Between(column, constant(type), constant(type));
        case 4 -> type.equals(DataType.VARCHAR) ? like(column) : underCast(column, type);
        case 5, 6 -> underCast(column, type);
        case 7 ->
            random.nextInt(20) == 0 ? Expr.of(table.one(true, false)) : compared(column, type);
        default -> compared(column, type);
      };
    }

    private Expr like(Expr column) {
      String pattern = (String) table.value(DataType.VARCHAR) + table.one("", "%", "%a", "_", "%%");
      return random.nextBoolean()
          ? new Expr.Like(column, Expr.of(pattern), Expr.CaseRule.SENSITIVE)
          : column.call(table.one("prefix", "starts_with"), pattern);
    }

    private Expr compared(Expr column, DataType type) {
      return compared(column, constant(type));
    }

    private Expr compared(Expr column, Expr constant) {
      Expr.Test test = table.one(Expr.Test.values());
      return random.nextInt(4) == 0
          ? new Expr.Comparison(test, constant, column)
          : new Expr.Comparison(test, column, constant);
    }

    private Expr constant(DataType type) {
      return new Expr.Literal(random.nextInt(15) == 0 ? null : table.value(type));
    }

    /** A column under a cast that keeps its values, compared with what it is now. */
    private Expr underCast(Expr column, DataType type) {
      DataType to =
          switch (type) {
            case DataType.Simple.INTEGER ->
                table.one(
                    DataType.BIGINT,
                    DataType.HUGEINT,
                    DataType.decimal(30, 4),
                    DataType.DOUBLE,
                    DataType.FLOAT);
            case DataType.Simple.BIGINT ->
                table.one(
                    DataType.HUGEINT, DataType.decimal(30, 4), DataType.DOUBLE, DataType.FLOAT);
            case DataType.Simple.FLOAT -> DataType.DOUBLE;
            case DataType.Decimal ignored ->
                table.one(DataType.decimal(38, 4), DataType.DOUBLE, DataType.FLOAT);
            case DataType.Simple.DATE -> table.one(DataType.TIMESTAMP, DataType.TIMESTAMPTZ);
            case DataType.Simple.TIMESTAMP -> table.one(DataType.DATE, DataType.TIMESTAMPTZ);
            case DataType.Simple.TIMESTAMPTZ -> table.one(DataType.DATE, DataType.TIMESTAMP);
            default -> type;
          };
      return to.equals(type) ? compared(column, type) : compared(column.cast(to), castConstant(to));
    }

    private Expr castConstant(DataType type) {
      return type.equals(DataType.HUGEINT)
          ? Expr.of(((BigDecimal) table.value(DataType.decimal(30, 0))).toBigInteger())
          : type instanceof DataType.Decimal && random.nextBoolean()
              ? Expr.of(
                  new BigDecimal(random.nextInt(40) - 20).movePointLeft(table.one(0, 1, 2, 4)))
              : constant(type);
    }
  }

  @Test
  void timesWithAnotherOffsetAreTheSameMoment() {
    assertThat(text(col("tz").eq(OffsetDateTime.of(1970, 1, 1, 1, 0, 0, 0, ZoneOffset.ofHours(1)))))
        .isEqualTo("ref(name=\"tz\") == 0");
    assertThat(Expressions.alwaysTrue()).isNotNull();
  }
}
