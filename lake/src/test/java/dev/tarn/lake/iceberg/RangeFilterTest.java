package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is ruled out by ranges is ruled out by Iceberg, too. */
class RangeFilterTest {

  private static final List<Type> TYPES =
      List.of(
          Types.IntegerType.get(),
          Types.LongType.get(),
          Types.DateType.get(),
          Types.TimeType.get(),
          Types.TimestampType.withoutZone(),
          Types.TimestampType.withZone(),
          Types.DoubleType.get(),
          Types.StringType.get());

  @TempDir private Path folder;

  private final long seed = Long.getLong("tarn.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Schema schema() {
    var fields = new Types.NestedField[TYPES.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = Types.NestedField.optional(i + 1, "c" + (i + 1), TYPES.get(i));
    }
    return new Schema(fields);
  }

  @Test
  void rulesOutWhatIcebergDoes() {
    Table table = new Tables(folder).create(schema(), PartitionSpec.unpartitioned(), 2);
    AppendFiles append = table.newAppend();
    for (int i = 0; i < 100; i++) {
      append.appendFile(file(i));
    }
    append.commit();
    table.updateSchema().updateColumn("c1", Types.LongType.get()).commit();
    AppendFiles wider = table.newAppend();
    for (int i = 100; i < 150; i++) {
      wider.appendFile(file(i));
    }
    wider.commit();
    int out = 0;
    for (int round = 0; round < 500; round++) {
      Expression filter = filter(0);
      var ranges = new RangeFilter(filter, table.schema());
      boolean isSet = filter.toString().contains(" in ("); // Iceberg looks at both bounds or none
      var evaluator = new InclusiveMetricsEvaluator(table.schema(), filter);
      for (ManifestFile manifest : table.currentSnapshot().dataManifests(table.io())) {
        ManifestContent content = ManifestContent.read(manifest, table, null);
        var wanted = new boolean[content.files().size()];
        Arrays.fill(wanted, true);
        ranges.apply(content, wanted);
        int i = 0;
        for (DataFile file : files(manifest, table)) {
          if (!wanted[i] && !(isSet && isOneSided(file))) {
            out++;
            assertThat(evaluator.eval(file))
                .as("seed %d, %s, %s", seed, filter, described(file, table))
                .isFalse();
          }
          i++;
        }
      }
    }
    assertThat(out).isGreaterThan(1000);
  }

  private static List<DataFile> files(ManifestFile manifest, Table table) {
    var files = new ArrayList<DataFile>();
    try (var reader = ManifestFiles.read(manifest, table.io(), table.specs())) {
      reader.forEach(file -> files.add(file.copy()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static boolean isOneSided(DataFile file) {
    return !file.lowerBounds().keySet().equals(file.upperBounds().keySet());
  }

  private static String described(DataFile file, Table table) {
    var text = new StringBuilder(file.location());
    for (Types.NestedField field : table.schema().columns()) {
      text.append(" ").append(field.name());
      for (Map<Integer, ByteBuffer> bounds : List.of(file.lowerBounds(), file.upperBounds())) {
        ByteBuffer bound = bounds.get(field.fieldId());
        text.append(" ")
            .append(bound == null ? "?" : Conversions.<Object>fromByteBuffer(field.type(), bound));
      }
    }
    return text.append(" nulls ").append(file.nullValueCounts()).toString();
  }

  // ---- files

  private DataFile file(int number) {
    var values = new HashMap<Integer, Long>();
    var nulls = new HashMap<Integer, Long>();
    var lower = new HashMap<Integer, ByteBuffer>();
    var upper = new HashMap<Integer, ByteBuffer>();
    for (int id = 1; id <= TYPES.size(); id++) {
      Type type = number >= 100 && id == 1 ? Types.LongType.get() : TYPES.get(id - 1);
      Object one = value(type);
      Object other = value(type);
      boolean ascending = compare(one, other) <= 0;
      values.put(id, 10L);
      nulls.put(id, random.nextInt(10) == 0 ? 10L : 0L);
      int missing = number % 2 == 0 ? 3 : random.nextInt(10);
      if (missing != 0) {
        lower.put(id, Conversions.toByteBuffer(type, ascending ? one : other));
      }
      if (missing != 1) {
        upper.put(id, Conversions.toByteBuffer(type, ascending ? other : one));
      }
    }
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(folder.resolve(number + ".parquet").toString())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(100)
        .withMetrics(new Metrics(10L, Map.of(), values, nulls, Map.of(), lower, upper))
        .build();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object one, Object other) {
    return ((Comparable) one).compareTo(other);
  }

  /** Around 0, and at the ends. */
  private Object value(Type type) {
    long near = (long) random.nextInt(41) - 20;
    int edge = random.nextInt(20);
    return switch (type.typeId()) {
      case INTEGER, DATE ->
          edge == 0 ? Integer.MIN_VALUE : edge == 1 ? Integer.MAX_VALUE : (int) near;
      case TIME -> Math.abs(near);
      case DOUBLE -> (double) near;
      case STRING -> "v" + near;
      default -> edge == 0 ? Long.MIN_VALUE : edge == 1 ? Long.MAX_VALUE : near;
    };
  }

  // ---- filters

  private Expression filter(int depth) {
    if (depth < 3 && random.nextInt(3) > 0) {
      Expression one = filter(depth + 1);
      Expression other = filter(depth + 1);
      return switch (random.nextInt(5)) {
        case 0 -> Expressions.or(one, other);
        case 1 -> Expressions.not(one);
        default -> Expressions.and(one, other);
      };
    }
    int id = 1 + random.nextInt(TYPES.size());
    String column = "c" + id;
    Type type = id == 1 ? Types.LongType.get() : TYPES.get(id - 1);
    List<BiFunction<String, Object, Expression>> operations =
        List.of(
            Expressions::equal,
            Expressions::notEqual,
            Expressions::lessThan,
            Expressions::lessThanOrEqual,
            Expressions::greaterThan,
            Expressions::greaterThanOrEqual,
            (name, value) -> Expressions.in(name, value, value(type), value(type)),
            (name, value) -> Expressions.notIn(name, value, value(type)),
            (name, value) -> Expressions.isNull(name),
            (name, value) -> Expressions.notNull(name));
    return operations.get(random.nextInt(operations.size())).apply(column, value(type));
  }
}
