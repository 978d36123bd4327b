package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeCatalog;
import java.io.Closeable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestDecoderTest {

  private static final PartitionSpec SPEC =
      PartitionSpec.builderFor(RandomTable.SCHEMA)
          .identity("b")
          .identity("i")
          .identity("f")
          .identity("dec")
          .identity("big")
          .identity("dt")
          .identity("tm")
          .identity("u")
          .bucket("l", 16)
          .day("ts")
          .hour("tz")
          .truncate("s", 2)
          .truncate("bin", 3)
          .build();

  @TempDir Path folder;
  private final long seed = Long.getLong("tarn.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int names;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void decodesWhatIcebergDecodes(int version) {
    Table table = new Tables(folder).create(RandomTable.SCHEMA, SPEC, version);
    table
        .updateProperties()
        .set(TableProperties.MANIFEST_MIN_MERGE_COUNT, "3")
        .set(
            TableProperties.AVRO_COMPRESSION,
            List.of("gzip", "zstd", "uncompressed", "snappy").get(random.nextInt(4)))
        .commit();
    for (int round = 0; round < 12; round++) {
      List<DataFile> added = append(table, 1 + random.nextInt(40));
      if (random.nextBoolean()) {
        DeleteFiles delete = table.newDelete();
        added.stream().filter(file -> random.nextInt(3) == 0).forEach(delete::deleteFile);
        delete.commit();
      }
      evolve(table, round);
    }
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
        compare(manifest, table, null);
        compare(manifest, table, Set.of());
        compare(manifest, table, Set.of(1 + random.nextInt(12), 13));
      }
    }
  }

  private static void evolve(Table table, int round) {
    switch (round) {
      case 2 ->
          table
              .updateSchema()
              .renameColumn("l", "long")
              .addColumn("n", Types.StringType.get())
              .commit();
      case 4 ->
          table
              .updateSchema()
              .updateColumn("i", Types.LongType.get())
              .updateColumn("f", Types.DoubleType.get())
              .updateColumn("dec", Types.DecimalType.of(18, 2))
              .commit();
      case 6 -> table.updateSpec().removeField("f").addField(Expressions.year("dt")).commit();
      case 8 -> table.updateSpec().addField(Expressions.bucket("s", 7)).commit();
      case 9 ->
          List.copyOf(table.spec().fields())
              .forEach(field -> table.updateSpec().removeField(field.name()).commit());
      case 10 -> table.updateSchema().deleteColumn("tm").commit();
      default -> {}
    }
  }

  private List<DataFile> append(Table table, int count) {
    AppendFiles append = random.nextBoolean() ? table.newAppend() : table.newFastAppend();
    var files = new ArrayList<DataFile>();
    for (int i = 0; i < count; i++) {
      DataFile file = file(table);
      files.add(file);
      append.appendFile(file);
    }
    append.commit();
    return files;
  }

  private DataFile file(Table table) {
    DataFiles.Builder builder =
        DataFiles.builder(table.spec())
            .withPath(table.location() + "/data/é-" + names++ + "-" + random.nextLong())
            .withFormat(random.nextInt(9) == 0 ? FileFormat.ORC : FileFormat.PARQUET)
            .withFileSizeInBytes(random.nextInt(100_000))
            .withMetrics(metrics())
            .withSplitOffsets(maybe(() -> List.of(4L, (long) random.nextInt(120_000))))
            .withEncryptionKeyMetadata(maybe(this::bytes));
    return table.spec().isPartitioned()
        ? builder.withPartition(partition(table)).build()
        : builder.build();
  }

  private PartitionData partition(Table table) {
    var data = new PartitionData(table.spec().partitionType());
    for (int i = 0; i < data.size(); i++) {
      Type type = data.getType(i);
      data.set(i, random.nextInt(4) == 0 ? null : value(type));
    }
    return data;
  }

  private Object value(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> random.nextBoolean();
      case INTEGER, DATE -> random.nextInt(30);
      case LONG, TIME, TIMESTAMP -> (long) random.nextInt(30);
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case DECIMAL -> BigDecimal.valueOf(random.nextInt(99), ((Types.DecimalType) type).scale());
      case STRING -> "é" + random.nextInt(9);
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case BINARY -> bytes();
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private Metrics metrics() {
    return new Metrics(
        (long) random.nextInt(1000), counts(), counts(), counts(), counts(), bounds(), bounds());
  }

  private @Nullable Map<Integer, Long> counts() {
    return maybe(() -> map(() -> (long) random.nextInt(1 << random.nextInt(30))));
  }

  private @Nullable Map<Integer, ByteBuffer> bounds() {
    return maybe(() -> map(this::bytes));
  }

  private <V> Map<Integer, V> map(Supplier<V> value) {
    var map = new HashMap<Integer, V>();
    for (int i = random.nextInt(12); i > 0; i--) {
      map.put(
          random.nextInt(20) == 0 ? Integer.MAX_VALUE - 5 : 1 + random.nextInt(17), value.get());
    }
    return map;
  }

  private ByteBuffer bytes() {
    var bytes = new byte[random.nextInt(4) * 4];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private <V> @Nullable V maybe(Supplier<V> value) {
    return random.nextInt(5) == 0 ? null : value.get();
  }

  private void compare(ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    ManifestContent ours = requireNonNull(ManifestDecoder.read(manifest, table, columns));
    ManifestContent theirs = ManifestContent.byIceberg(manifest, table, columns);
    assertThat(described(ours)).as("seed %d", seed).containsExactlyElementsOf(described(theirs));
  }

  private static List<List<@Nullable Object>> described(ManifestContent manifest) {
    var all = new ArrayList<List<@Nullable Object>>();
    for (int i = 0; i < manifest.files().size(); i++) {
      DataFile file = manifest.file(i);
      all.add(
          Arrays.asList(
              file.location(),
              file.format(),
              file.content(),
              file.specId(),
              values(file.partition()),
              file.recordCount(),
              file.fileSizeInBytes(),
              file.splitOffsets(),
              file.keyMetadata(),
              file.sortOrderId(),
              file.dataSequenceNumber(),
              file.fileSequenceNumber(),
              file.firstRowId(),
              file.pos(),
              file.manifestLocation()));
      for (int id : new TreeSet<>(manifest.bounds().keySet())) {
        List<@Nullable Object> statistics = statistics(new FileStatistics(manifest, i), id);
        if (statistics.stream().anyMatch(Objects::nonNull)) {
          all.add(List.of(id));
          all.add(statistics);
        }
      }
    }
    return all;
  }

  private static List<@Nullable Object> statistics(DataFile file, int id) {
    return Arrays.asList(
        requireNonNull(file.valueCounts()).get(id),
        requireNonNull(file.nullValueCounts()).get(id),
        requireNonNull(file.nanValueCounts()).get(id),
        requireNonNull(file.lowerBounds()).get(id),
        requireNonNull(file.upperBounds()).get(id));
  }

  /** Binary values are compared by what they hold. */
  private static List<@Nullable Object> values(StructLike partition) {
    var values = new ArrayList<@Nullable Object>();
    for (int i = 0; i < partition.size(); i++) {
      values.add(partition.get(i, Object.class));
    }
    return values;
  }

  /** A table in files: those of other tests are in memory. */
  private Table onDisk(Catalog catalog) {
    return catalog.createTable(
        TableIdentifier.of("default", "sales"), RandomTable.SCHEMA, SPEC, Map.of());
  }

  @Test
  void aDamagedManifestIsNamed() throws Exception {
    Catalog catalog = Catalogs.open(LakeCatalog.of(folder));
    Table table = onDisk(catalog);
    append(table, 300);
    ManifestFile manifest = table.currentSnapshot().dataManifests(table.io()).getFirst();
    Path path = Path.of(LocalFileIO.path(manifest.path()));
    byte[] whole = Files.readAllBytes(path);
    for (int i = 0; i < 40; i++) {
      Files.write(path, Arrays.copyOf(whole, random.nextInt(whole.length)));
      assertThatThrownBy(() -> ManifestDecoder.read(manifest, table, null))
          .as("seed %d", seed)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("its manifest " + manifest.path() + " is damaged (")
          .hasMessageNotContaining("null");
    }
    Files.write(path, ("broken" + "n".repeat(whole.length)).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ManifestDecoder.read(manifest, table, null))
        .hasMessageContaining(
            "its manifest " + manifest.path() + " is damaged (Not an Avro data file");
    ((Closeable) catalog).close();
  }

  /** Whatever the bytes are: content or a clear failure, and never another exception. */
  @Test
  void changedBytesNeverBreakTheDecoder() throws Exception {
    Catalog catalog = Catalogs.open(LakeCatalog.of(folder));
    Table table = onDisk(catalog);
    table.updateProperties().set(TableProperties.AVRO_COMPRESSION, "uncompressed").commit();
    append(table, 20);
    ManifestFile manifest = table.currentSnapshot().dataManifests(table.io()).getFirst();
    Path path = Path.of(LocalFileIO.path(manifest.path()));
    byte[] whole = Files.readAllBytes(path);
    for (int i = 0; i < 2000; i++) {
      byte[] changed = whole.clone();
      changed[whole.length / 2 + random.nextInt(whole.length / 2)] = (byte) random.nextInt();
      Files.write(path, changed);
      try {
        ManifestDecoder.read(manifest, table, null);
      } catch (UncheckedIOException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining("is damaged (");
      }
    }
    ((Closeable) catalog).close();
  }
}
