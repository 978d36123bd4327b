package dev.tarn.lake.iceberg;

import static dev.tarn.Columns.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableScan;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSourceTest {

  private static final Schema SCHEMA =
      IcebergTypes.schema(
          dev.tarn.type.Schema.of(
              "id",
              DataType.BIGINT,
              "region",
              DataType.VARCHAR,
              "st",
              DataType.struct(new Field("x", DataType.INTEGER))));

  @TempDir Path folder;
  private Tables tables;
  private final TablePlanner planner = new TablePlanner();
  private final Map<String, List<FileColumn>> contents = new HashMap<>();
  private final Engine engine = Tables.engine(contents);

  @BeforeEach
  void open() {
    tables = new Tables(folder);
  }

  private Table table() {
    return tables.create(SCHEMA, PartitionSpec.unpartitioned(), 2);
  }

  private TableSource newest(Table table) {
    return TableSource.newest("sales", table, "main", planner, engine);
  }

  private static TableScan scan(Source source, Expr... filters) {
    return (TableScan)
        source.plan(
            new ScanRequest(source.schema().names(), List.of(filters), OptionalLong.empty()));
  }

  private static List<String> files(TableScan scan) {
    return scan.groups().stream()
        .flatMap(group -> group.paths().stream())
        .map(path -> Path.of(path).getFileName().toString())
        .toList();
  }

  @Test
  void filesAreLeftOutByTheirStatistics() {
    Table table = table();
    Tables.append(
        table, Tables.file(table, "a.parquet", 1, 5), Tables.file(table, "b.parquet", 6, 9));
    Expr odd = col("id").modulo(2).eq(1);
    TableScan scan = scan(newest(table), col("ID").gt(5), odd);
    assertThat(files(scan)).containsExactly("b.parquet");
    assertThat(scan.totalFiles()).isEqualTo(2);
    assertThat(scan.groups().getFirst().shape()).isEmpty();
    assertThat(scan.notes())
        .containsExactly(
            "snapshot " + table.currentSnapshot().snapshotId(),
            "not used for pruning: (id % 2) = 1");
  }

  @Test
  void aTableWithoutSnapshotsHasNoRows() {
    TableScan scan = scan(newest(table()));
    assertThat(scan.groups()).isEmpty();
    assertThat(scan.notes()).containsExactly("no snapshot");
  }

  @Test
  void theHeadIsFoundWhenTheQueryRuns() {
    TableSource source = newest(table());
    Table elsewhere = tables.load();
    Tables.append(elsewhere, Tables.file(elsewhere, "a.parquet", 1, 5));
    TableSource pinned = source.pinned();
    Tables.append(elsewhere, Tables.file(elsewhere, "b.parquet", 1, 5));
    assertThat(files(scan(pinned))).containsExactly("a.parquet");
    assertThat(files(scan(source))).containsExactlyInAnyOrder("a.parquet", "b.parquet");
    assertThat(source.rowEstimate()).hasValue(10);
    assertThat(newest(tables.load())).isEqualTo(source).hasSameHashCodeAs(source);
    assertThat(source.withPositions()).isNotEqualTo(source);
    assertThat(pinned).isNotEqualTo(source);
  }

  @Test
  void columnsAreFoundByTheirIds() {
    Table table = table();
    Tables.append(
        table, Tables.file(table, "a.parquet", 1, 5), Tables.file(table, "b.parquet", 6, 9));
    TableSource source = newest(table);
    long before = table.currentSnapshot().snapshotId();
    Table elsewhere = tables.load();
    elsewhere.updateSchema().renameColumn("id", "key").commit();
    elsewhere.updateSchema().addColumn("id", Types.StringType.get()).commit();
    assertThat(files(scan(source, col("id").gt(5)))).containsExactly("b.parquet");
    TableSource old =
        TableSource.of("sales", elsewhere, elsewhere.snapshot(before), planner, engine);
    assertThat(files(scan(old, col("id").gt(5)))).containsExactly("b.parquet");
    elsewhere.updateSchema().deleteColumn("key").commit();
    assertThatThrownBy(() -> scan(source))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot read [sales]: column id was dropped. Make the frame again.");
    assertThat(files(scan(old, col("id").gt(5)))).containsExactly("a.parquet", "b.parquet");
  }

  @Test
  void aWidenedColumnNeedsANewFrame() {
    Table table = table();
    TableSource source = newest(table);
    table.updateSchema().updateColumn("st.x", Types.LongType.get()).commit();
    assertThatThrownBy(() -> scan(source))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read [sales]: column st.x was int and is long now. Make the frame again.");
  }

  @Test
  void someFilesOnlyWithTheirPositions() {
    Table table = table();
    DataFile a = Tables.file(table, "a.parquet", 1, 5);
    Tables.append(table, a, Tables.file(table, "b.parquet", 6, 9));
    TableSource source = newest(table).withPositions().only(Set.of(a.location()));
    assertThat(files(scan(source))).containsExactly("a.parquet");
    assertThat(source.schema().names())
        .containsExactly("id", "region", "st", TableScan.FILE, TableScan.POSITION);
    assertThat(scan(source).columns()).hasSize(3);
  }

  @Test
  void filesThatAreNotParquetAreRefused() {
    Table table = table();
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath("/x/a.orc")
                .withFormat(FileFormat.ORC)
                .withRecordCount(1)
                .withFileSizeInBytes(1)
                .build())
        .commit();
    assertThatThrownBy(() -> scan(newest(table)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read [sales /x/a.orc]: it is a file of type ORC, and tables are read from"
                + " Parquet only. Rewrite it as Parquet.");
  }

  @Test
  void filesElsewhereAreOutOfReach() {
    Table table = table();
    Tables.append(table, Tables.file(table, "s3://bucket/a.parquet", 1, 5, List.of()));
    assertThatThrownBy(() -> scan(newest(table)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("s3://bucket/a.parquet");
  }

  // ---- deletes

  private static DeleteFile deletes(Table table, String name, int... equalityIds) {
    FileMetadata.Builder builder = FileMetadata.deleteFileBuilder(table.spec());
    (equalityIds.length == 0 ? builder.ofPositionDeletes() : builder.ofEqualityDeletes(equalityIds))
        .withPath(table.location() + "/data/" + name)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(1)
        .withRecordCount(1);
    return builder.build();
  }

  @Test
  void deletesComeWithTheFilesThatTheyAreFor() {
    Table table = table();
    Tables.append(table, Tables.file(table, "a.parquet", 1, 5));
    table.newRowDelta().addDeletes(deletes(table, "d1.parquet", 1)).commit();
    Tables.append(table, Tables.file(table, "b.parquet", 6, 9));
    table.newRowDelta().addDeletes(deletes(table, "d2.parquet")).commit();
    TableScan scan = scan(newest(table));
    assertThat(scan.totalFiles()).isEqualTo(2);
    assertThat(scan.groups()).hasSize(2);
    TableScan.Group a =
        scan.groups().stream()
            .filter(g -> g.paths().getFirst().endsWith("a.parquet"))
            .findFirst()
            .orElseThrow();
    assertThat(a.deletes())
        .containsExactly(
            new TableScan.Deletes.PositionFiles(List.of(table.location() + "/data/d2.parquet")),
            new TableScan.Deletes.EqualValues(
                List.of(table.location() + "/data/d1.parquet"),
                List.of(IcebergTypes.columns(SCHEMA).getFirst())));
    assertThat(files(scan(newest(table), col("id").gt(5)))).containsExactly("b.parquet");
  }

  @Test
  void deletionVectorsAreRead() throws Exception {
    Table table = tables.create(SCHEMA, PartitionSpec.unpartitioned(), 3);
    DataFile a = Tables.file(table, "a.parquet", 1, 5);
    Tables.append(table, a, Tables.file(table, "b.parquet", 6, 9));
    var writer =
        new BaseDVFileWriter(
            OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build(),
            path -> null);
    writer.delete(a.location(), 3, table.spec(), null);
    writer.delete(a.location(), 1L << 33, table.spec(), null);
    writer.close();
    var delta = table.newRowDelta();
    writer.result().deleteFiles().forEach(delta::addDeletes);
    delta.commit();
    TableScan.Group group =
        scan(newest(table)).groups().stream()
            .filter(g -> !g.deletes().isEmpty())
            .findFirst()
            .orElseThrow();
    assertThat(group.paths()).containsExactly(a.location());
    var positions = (TableScan.Deletes.Positions) group.deletes().getFirst();
    assertThat(positions.rows().get(a.location())).containsExactly(3, 1L << 33);
  }

  // ---- files that must be looked into

  private static FileColumn column(String name, DataType type, int id) {
    return new FileColumn(
        id == 0 ? OptionalInt.empty() : OptionalInt.of(id),
        name,
        type,
        List.of(),
        FileColumn.Place.FILE);
  }

  private Table partitioned() {
    Table table =
        tables.create(SCHEMA, PartitionSpec.builderFor(SCHEMA).identity("region").build(), 2);
    table
        .updateProperties()
        .set(
            TableProperties.DEFAULT_NAME_MAPPING,
            NameMappingParser.toJson(MappingUtil.create(table.schema())))
        .commit();
    return table;
  }

  @Test
  void adoptedFilesAreReadByTheirNamesAndPaths() {
    Table table = partitioned();
    String path = "/adopted/region=eu/x.parquet";
    contents.put(path, List.of(column("id", DataType.BIGINT, 0)));
    Tables.append(
        table,
        Tables.file(table, path, 1, 5, Arrays.asList("eu")),
        Tables.file(table, table.location() + "/data/own.parquet", 1, 5, Arrays.asList("eu")));
    table.updateSchema().renameColumn("region", "area").commit();
    TableScan scan = scan(newest(table));
    assertThat(scan.groups()).hasSize(2);
    TableScan.Group adopted =
        scan.groups().stream().filter(g -> g.paths().contains(path)).findFirst().orElseThrow();
    assertThat(adopted.shape().orElseThrow())
        .containsExactly(
            column("id", DataType.BIGINT, 1),
            new FileColumn(
                OptionalInt.of(2), "region", DataType.VARCHAR, List.of(), FileColumn.Place.PATH));
  }

  @Test
  void aColumnThatIsNowhereIsRefused() {
    Table table = partitioned();
    contents.put("/adopted/x.parquet", List.of(column("id", DataType.BIGINT, 0)));
    Tables.append(table, Tables.file(table, "/adopted/x.parquet", 1, 5, Arrays.asList("eu")));
    assertThatThrownBy(() -> scan(newest(table)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot read [sales /adopted/x.parquet]: column region is neither in the file nor in"
                + " its path, and only the table says its value. Rewrite the file with the"
                + " column.");
  }

  @Test
  void filesWithMembersOfOtherNamesAreLookedInto() {
    Table table = table();
    DataFile a = Tables.file(table, "a.parquet", 1, 5);
    contents.put(a.location(), List.of(column("id", DataType.BIGINT, 1)));
    Tables.append(table, a);
    assertThat(scan(newest(table)).groups().getFirst().shape()).isEmpty();
    table.updateSchema().renameColumn("st.x", "y").commit();
    assertThat(scan(newest(table)).groups().getFirst().shape())
        .contains(List.of(column("id", DataType.BIGINT, 1)));
  }
}
