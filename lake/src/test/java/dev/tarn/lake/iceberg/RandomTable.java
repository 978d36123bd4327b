package dev.tarn.lake.iceberg;

import dev.tarn.spi.ColumnStats;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Random rows of a table with a column of each type; many values are edges and near each other. */
final class RandomTable {

  static final dev.tarn.type.Schema COLUMNS =
      dev.tarn.type.Schema.of(
          "b", DataType.BOOLEAN,
          "i", DataType.INTEGER,
          "l", DataType.BIGINT,
          "f", DataType.FLOAT,
          "d", DataType.DOUBLE,
          "dec", DataType.decimal(9, 2),
          "big", DataType.decimal(30, 4),
          "dt", DataType.DATE,
          "tm", DataType.TIME,
          "ts", DataType.TIMESTAMP,
          "tz", DataType.TIMESTAMPTZ,
          "s", DataType.VARCHAR,
          "u", DataType.UUID,
          "bin", DataType.BLOB,
          "st",
              DataType.struct(new Field("x", DataType.INTEGER), new Field("y", DataType.VARCHAR)));

  static final Schema SCHEMA = IcebergTypes.schema(COLUMNS);

  private final Random random;

  RandomTable(Random random) {
    this.random = random;
  }

  Map<String, @Nullable Object> row() {
    var row = new LinkedHashMap<String, @Nullable Object>();
    COLUMNS.fields().forEach(field -> row.put(field.name(), nullable(field.type())));
    return row;
  }

  @Nullable Object nullable(DataType type) {
    return random.nextInt(8) == 0 ? null : value(type);
  }

  Object value(DataType type) {
    return switch (type) {
      case DataType.Simple simple ->
          switch (simple) {
            case BOOLEAN -> random.nextBoolean();
            case INTEGER ->
                one(
                    small(),
                    small(),
                    Integer.MAX_VALUE,
                    Integer.MIN_VALUE,
                    1 << 24,
                    (1 << 24) + 1,
                    random.nextInt());
            case BIGINT ->
                one(
                    (long) small(),
                    (long) small(),
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    1L << 53,
                    (1L << 53) + 1,
                    (1L << 53) - 1,
                    -(1L << 53) - 1,
                    random.nextLong());
            case FLOAT ->
                one(
                    (float) small(),
                    small() / 4f,
                    0.1f,
                    0.3f,
                    -0.0f,
                    0.0f,
                    Float.NaN,
                    Float.POSITIVE_INFINITY,
                    Float.NEGATIVE_INFINITY,
                    Float.MAX_VALUE,
                    Float.MIN_VALUE,
                    (float) random.nextGaussian());
            case DOUBLE ->
                one(
                    (double) small(),
                    small() / 4.0,
                    0.1,
                    0.1f + 0.0,
                    0.3,
                    -0.0,
                    0.0,
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    9007199254740992.0,
                    1e300,
                    random.nextGaussian());
            case DATE -> LocalDate.EPOCH.plusDays(one(small(), small() * 100, -20000, 20000));
            case TIME ->
                LocalTime.ofNanoOfDay(
                    1000L * one(0L, 86_399_999_999L, (long) random.nextInt(5) * 3_600_000_000L));
            case TIMESTAMP -> timestamp();
            case TIMESTAMPTZ -> timestamp().atOffset(ZoneOffset.UTC);
            case VARCHAR -> text();
            case UUID -> new UUID(random.nextInt(3) - 1L, random.nextInt(3) - 1L);
            case BLOB -> bytes();
            default -> throw new IllegalArgumentException(type.toString());
          };
      case DataType.Decimal d ->
          new BigDecimal(
              one(
                  BigInteger.valueOf(small()),
                  BigInteger.valueOf(small() * 25L),
                  BigInteger.TEN.pow(d.precision()).subtract(BigInteger.ONE),
                  BigInteger.TEN.pow(d.precision() - 1).negate(),
                  BigInteger.valueOf(random.nextInt(999_999_999))),
              d.scale());
      case DataType.Struct struct -> {
        var members = new LinkedHashMap<String, @Nullable Object>();
        struct.fields().forEach(field -> members.put(field.name(), nullable(field.type())));
        yield members;
      }
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private int small() {
    return random.nextInt(7) - 3;
  }

  private LocalDateTime timestamp() {
    LocalDateTime day = LocalDate.EPOCH.plusDays(one(small(), small() * 50)).atStartOfDay();
    return day.plusNanos(1000 * one(0L, -1L, 1L, 3_600_000_000L * random.nextInt(24), 123_456L));
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(
          one(
              "a",
              "b",
              "ab",
              "%",
              "_",
              "\\",
              "z",
              "é",
              "\uD83D\uDE00",
              "\uFFFD",
              "\u0000",
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    }
    return text.toString();
  }

  private byte[] bytes() {
    var bytes = new byte[one(0, 1, 2, 3, 40)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = one((byte) 0, (byte) 1, (byte) 127, (byte) -128, (byte) -1);
    }
    return bytes;
  }

  @SafeVarargs
  final <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  // ---- as Iceberg sees it

  static StructLike struct(Schema schema, Map<String, @Nullable Object> row) {
    return struct(schema.columns(), row);
  }

  private static StructLike struct(List<NestedField> fields, Map<?, ?> row) {
    var values = new ArrayList<@Nullable Object>();
    for (NestedField field : fields) {
      Object value = row.get(field.name());
      values.add(
          value instanceof Map<?, ?> members
              ? struct(field.type().asStructType().fields(), members)
              : IcebergTypes.toIceberg(field.type(), value));
    }
    return new Struct(values);
  }

  record Struct(List<@Nullable Object> values) implements StructLike {
    @Override
    public int size() {
      return values.size();
    }

    @Override
    public <T> T get(int pos, Class<T> type) {
      return type.cast(values.get(pos));
    }

    @Override
    public <T> void set(int pos, T value) {
      throw new UnsupportedOperationException();
    }
  }

  /** Statistics as an engine would have them of a file with these rows. */
  static Map<Integer, ColumnStats> stats(List<Map<String, @Nullable Object>> rows) {
    var stats = new HashMap<Integer, ColumnStats>();
    stats(SCHEMA.columns(), rows, stats);
    return stats;
  }

  private static void stats(
      List<NestedField> fields, List<? extends Map<?, ?>> rows, Map<Integer, ColumnStats> stats) {
    for (NestedField field : fields) {
      if (field.type().isStructType()) {
        var members =
            rows.stream()
                .<Map<?, ?>>map(row -> row.get(field.name()) instanceof Map<?, ?> m ? m : Map.of())
                .toList();
        stats(field.type().asStructType().fields(), members, stats);
      } else {
        stats.put(
            field.fieldId(),
            ofColumn(rows.stream().<@Nullable Object>map(r -> r.get(field.name())).toList()));
      }
    }
  }

  private static ColumnStats ofColumn(List<@Nullable Object> values) {
    long nulls = values.stream().filter(v -> v == null).count();
    long nans = values.stream().filter(RandomTable::isNaN).count();
    List<Object> ordered =
        values.stream()
            .filter(v -> v != null && !isNaN(v))
            .map(Objects::requireNonNull)
            .sorted(SqlRows::order)
            .toList();
    return new ColumnStats(
        10,
        values.size(),
        OptionalLong.of(nulls),
        OptionalLong.of(nans),
        ordered.isEmpty() ? null : ordered.getFirst(),
        ordered.isEmpty() ? null : ordered.getLast());
  }

  private static boolean isNaN(@Nullable Object value) {
    return (value instanceof Float f && Float.isNaN(f))
        || (value instanceof Double d && Double.isNaN(d));
  }
}
