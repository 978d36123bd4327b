package dev.tarn.table;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import dev.tarn.plan.Plan;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the tests of tables share: columns with ids, scans as frames. */
final class Tables {

  private Tables() {}

  /** A source that reads what it is told to. */
  record TableSource(TableScan scan) implements Source {
    @Override
    public String name() {
      return "table";
    }

    @Override
    public Schema schema() {
      var fields = new ArrayList<>(scan.columns().stream().map(TableColumn::field).toList());
      if (scan.position() == TableScan.Position.FILE_AND_ROW) {
        fields.add(new Field(TableScan.FILE, DataType.VARCHAR));
        fields.add(new Field(TableScan.POSITION, DataType.BIGINT));
      }
      return new Schema(fields);
    }

    @Override
    public Scan plan(ScanRequest request) {
      return scan;
    }
  }

  static Plan sql(Engine engine, String text) {
    return engine.sql(text, Parameters.NONE, name -> Optional.empty());
  }

  static List<Row> rows(Engine engine, String text) {
    return rowsOf(Frame.of(sql(engine, text), engine));
  }

  static List<Row> rowsOf(Frame frame) {
    var rows = new ArrayList<Row>();
    frame.collect().forEach(rows::add);
    return rows;
  }

  static Frame read(Engine engine, TableScan scan) {
    return Frame.of(new Plan.Scan(new TableSource(scan)), engine);
  }

  static TableScan scan(List<TableColumn> columns, TableScan.Group... groups) {
    return new TableScan(
        columns, List.of(groups), groups.length, TableScan.Position.NONE, List.of());
  }

  static TableScan placed(TableScan scan) {
    return new TableScan(
        scan.columns(),
        scan.groups(),
        scan.totalFiles(),
        TableScan.Position.FILE_AND_ROW,
        List.of());
  }

  static TableScan.Group group(String... paths) {
    return new TableScan.Group(List.of(paths), Optional.empty(), List.of(), TableScan.Match.ID);
  }

  static TableScan.Group without(TableScan.Group group, TableScan.Deletes... deletes) {
    return new TableScan.Group(group.paths(), group.shape(), List.of(deletes), group.match());
  }

  static TableScan.Group shaped(List<FileColumn> shape, String... paths) {
    return new TableScan.Group(List.of(paths), Optional.of(shape), List.of(), TableScan.Match.ID);
  }

  static TableColumn column(int id, String name, String type) {
    return column(id, name, type, null);
  }

  /** A column whose parts, if it has any, are numbered from a hundred times its id on. */
  static TableColumn column(int id, String name, String type, @Nullable Object initial) {
    return numbered(id, name, DataType.parse(type), initial, new AtomicInteger(100 * id));
  }

  private static TableColumn numbered(
      int id, String name, DataType type, @Nullable Object initial, AtomicInteger next) {
    List<TableColumn> parts =
        parts(type).stream()
            .map(f -> numbered(next.getAndIncrement(), f.name(), f.type(), null, next))
            .toList();
    return new TableColumn(id, name, type, parts, initial);
  }

  private static List<Field> parts(DataType type) {
    return switch (type) {
      case DataType.Struct t -> t.fields();
      case DataType.ListOf t -> List.of(new Field("element", t.element()));
      case DataType.MapOf t -> List.of(new Field("key", t.key()), new Field("value", t.value()));
      default -> List.of();
    };
  }

  static TableColumn structOf(int id, String name, TableColumn... members) {
    Field[] fields = Arrays.stream(members).map(TableColumn::field).toArray(Field[]::new);
    return new TableColumn(id, name, DataType.struct(fields), List.of(members), null);
  }

  static TableColumn listOf(int id, String name, TableColumn element) {
    return new TableColumn(id, name, DataType.list(element.type()), List.of(element), null);
  }

  static TableColumn mapOf(int id, String name, TableColumn key, TableColumn value) {
    return new TableColumn(
        id, name, DataType.map(key.type(), value.type()), List.of(key, value), null);
  }

  static FileColumn inPath(int id, String name) {
    return new FileColumn(
        OptionalInt.of(id), name, DataType.VARCHAR, List.of(), FileColumn.Place.PATH);
  }

  /** A table's columns as a file has them that was written for it. */
  static FileColumn inFile(TableColumn column) {
    return new FileColumn(
        OptionalInt.of(column.id()),
        column.name(),
        column.type(),
        column.children().stream().map(Tables::inFile).toList(),
        FileColumn.Place.FILE);
  }

  static DataFileSink sink(Path folder, List<TableColumn> columns) {
    return new DataFileSink(
        folder.toString(),
        columns,
        List.of(),
        List.of(),
        Codec.ZSTD,
        OptionalInt.empty(),
        512L << 20,
        OptionalLong.empty());
  }

  static DataFileSink partitioned(DataFileSink sink, Expr... partitions) {
    return new DataFileSink(
        sink.folder(),
        sink.columns(),
        List.of(partitions),
        sink.sortedBy(),
        sink.codec(),
        sink.level(),
        sink.fileBytes(),
        sink.rowGroupRows());
  }

  static DataFileSink sorted(DataFileSink sink, Object... keys) {
    return new DataFileSink(
        sink.folder(),
        sink.columns(),
        sink.partitions(),
        SortKey.all(keys),
        sink.codec(),
        sink.level(),
        sink.fileBytes(),
        sink.rowGroupRows());
  }

  static DataFileSink sized(DataFileSink sink, long fileBytes, long rowGroupRows) {
    return new DataFileSink(
        sink.folder(),
        sink.columns(),
        sink.partitions(),
        sink.sortedBy(),
        sink.codec(),
        sink.level(),
        fileBytes,
        OptionalLong.of(rowGroupRows));
  }
}
