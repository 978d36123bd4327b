package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan.Deletes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.types.Types.NestedField;

/** The rows of a group of files that are gone. */
final class FileDeletes {

  private final String name;
  private final Table table;
  private final BiConsumer<FileFormat, String> checkFormat;

  FileDeletes(String name, Table table, BiConsumer<FileFormat, String> checkFormat) {
    this.name = name;
    this.table = table;
    this.checkFormat = checkFormat;
  }

  /**
   * Which files can be read together. Deleted positions name their file, so those of several files
   * can be put together; deleted values are meant for the files that they come with.
   *
   * @param values locations of the files with deleted values
   */
  record Kind(boolean positions, boolean vectors, Set<String> values) {
    static Kind of(List<DeleteFile> deletes) {
      var values = new TreeSet<String>();
      boolean positions = false;
      boolean vectors = false;
      for (DeleteFile delete : deletes) {
        switch (delete.content()) {
          case EQUALITY_DELETES -> values.add(delete.location());
          case POSITION_DELETES -> {
            boolean vector = isVector(delete);
            vectors |= vector;
            positions |= !vector;
          }
          default -> throw new IllegalArgumentException(delete.content().name());
        }
      }
      return new Kind(positions, vectors, values);
    }
  }

  private static boolean isVector(DeleteFile delete) {
    return delete.format() == FileFormat.PUFFIN;
  }

  List<Deletes> of(List<PlannedFile> files) {
    var positionFiles = new LinkedHashSet<String>();
    var vectors = new HashMap<String, long[]>();
    var values = new LinkedHashMap<List<Integer>, Set<String>>();
    for (PlannedFile file : files) {
      for (DeleteFile delete : file.deletes()) {
        if (isVector(delete)) {
          vectors.put(LocalFileIO.path(file.file().location()), positions(delete));
          continue;
        }
        checkFormat.accept(delete.format(), delete.location());
        String path = LocalFileIO.path(delete.location());
        if (delete.content() == FileContent.POSITION_DELETES) {
          positionFiles.add(path);
        } else {
          values.computeIfAbsent(delete.equalityFieldIds(), ids -> new LinkedHashSet<>()).add(path);
        }
      }
    }
    return deletes(positionFiles, vectors, values);
  }

  private List<Deletes> deletes(
      Set<String> positionFiles,
      Map<String, long[]> vectors,
      Map<List<Integer>, Set<String>> values) {
    var deletes = new ArrayList<Deletes>();
    if (!positionFiles.isEmpty()) {
      deletes.add(new Deletes.PositionFiles(List.copyOf(positionFiles)));
    }
    if (!vectors.isEmpty()) {
      deletes.add(new Deletes.Positions(vectors));
    }
    values.forEach((ids, paths) ->
        deletes.add(
            new Deletes.EqualValues(List.copyOf(paths), ids.stream().map(this::column).toList())));
    return deletes;
  }

  private long[] positions(DeleteFile vector) {
    var bytes = new byte[vector.contentSizeInBytes().intValue()];
    try {
      IOUtil.readFully(
          table.io().newInputFile(vector.location()),
          vector.contentOffset(),
          bytes,
          0,
          bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LongStream.Builder positions = LongStream.builder();
    PositionDeleteIndex.deserialize(bytes, vector).forEach(positions::add);
    return positions.build().toArray();
  }

  /** A column whose values were deleted, of today or of some version before. */
  private TableColumn column(int id) {
    NestedField field = table.schema().findField(id);
    for (Schema schema : table.schemas().values()) {
      field = field == null ? schema.findField(id) : field;
    }
    if (field == null) {
      throw new InvalidRequest(
          "Cannot read [%s]: rows were deleted by a column with id %d, which the table never had. Repair the table."
              .formatted(name, id));
    }
    return IcebergTypes.columns(new Schema(field)).getFirst();
  }
}
