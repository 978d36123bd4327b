package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.FileColumn;
import dev.tarn.type.DataType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Which of a table's files must be looked into to know where its columns are, and where they are.
 * The table's own files have an id for each column; the engine finds members of structs by name
 * within them, and knows no default of theirs, so that a name must have meant one member all the
 * time, and none may have a default. Files that were adopted have no ids, and columns may be in
 * their paths.
 */
final class FileShapes {

  private static final String HIVE_NULL = "__HIVE_DEFAULT_PARTITION__";

  private final String name;
  private final Table table;
  private final Schema columns;
  private final @Nullable NameMapping mapping;
  private final List<String> ownFolders;
  private final boolean allAreUnclear;

  FileShapes(String name, Table table, Schema columns) {
    this.name = name;
    this.table = table;
    this.columns = columns;
    String json = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    this.mapping = json == null ? null : NameMappingParser.fromJson(json);
    this.ownFolders = ownFolders(table);
    this.allAreUnclear =
        membersWereRenamed(table.schemas().values()) || membersHaveInitials(columns);
  }

  private static List<String> ownFolders(Table table) {
    var folders = new ArrayList<String>();
    folders.add(slashed(table.location() + "/data"));
    String other = table.properties().get(TableProperties.WRITE_DATA_LOCATION);
    if (other != null) {
      folders.add(slashed(other));
    }
    return folders;
  }

  private static String slashed(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }

  boolean isUnclear(DataFile file) {
    return allAreUnclear
        || (mapping != null && ownFolders.stream().noneMatch(file.location()::startsWith));
  }

  /** Whether a member of a struct had two names, or a name was given to two members. */
  static boolean membersWereRenamed(Iterable<Schema> history) {
    record Member(int struct, String name) {}
    var ids = new HashMap<Member, Integer>();
    var names = new HashMap<Integer, Member>();
    for (Schema schema : history) {
      Map<Integer, Integer> parents = TypeUtil.indexParents(schema.asStruct());
      for (Map.Entry<Integer, Integer> child : parents.entrySet()) {
        int id = child.getKey();
        var member = new Member(child.getValue(), schema.findField(id).name());
        Integer other = ids.putIfAbsent(member, id);
        Member before = names.putIfAbsent(id, member);
        if ((other != null && other != id) || (before != null && !before.equals(member))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean membersHaveInitials(Schema columns) {
    return TypeUtil.indexById(columns.asStruct()).values().stream()
        .anyMatch(field ->
            field.initialDefault() != null && columns.asStruct().field(field.fieldId()) == null);
  }

  /** What a file holds for the table, given what its footer says. */
  List<FileColumn> shape(DataFile file, List<FileColumn> footer) {
    var shape = new ArrayList<>(new FileColumns(footer, mapping).resolved());
    var present = new LinkedHashSet<Integer>();
    shape.forEach(column -> column.id().ifPresent(present::add));
    PartitionSpec spec = requireNonNull(table.specs().get(file.specId()));
    for (int i = 0; i < spec.fields().size(); i++) {
      PartitionField field = spec.fields().get(i);
      NestedField source = columns.findField(field.sourceId());
      if (field.transform().isIdentity()
          && source != null
          && columns.asStruct().field(source.fieldId()) != null
          && !present.contains(source.fieldId())) {
        fromPath(file, field, i).ifPresent(shape::add);
      }
    }
    return shape;
  }

  /** A column that only the path holds; empty where it is null. */
  private Optional<FileColumn> fromPath(DataFile file, PartitionField field, int position) {
    if (file.partition().get(position, Object.class) == null) {
      return Optional.empty();
    }
    Set<String> names = names(field);
    for (String part : LocalFileIO.path(file.location()).split("/", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals);
      if (isOneOf(key, names) && !part.endsWith("=" + HIVE_NULL)) {
        return Optional.of(
            new FileColumn(
                OptionalInt.of(field.sourceId()),
                key,
                DataType.VARCHAR,
                List.of(),
                FileColumn.Place.PATH));
      }
    }
    throw new InvalidRequest(
        "Cannot read [%s %s]: column %s is neither in the file nor in its path, and only the table says its value. Rewrite the file with the column."
            .formatted(name, file.location(), names.iterator().next()));
  }

  private static boolean isOneOf(String key, Set<String> names) {
    String decoded = key.contains("%") ? URLDecoder.decode(key, StandardCharsets.UTF_8) : key;
    return names.stream().anyMatch(decoded::equalsIgnoreCase);
  }

  /** What a column is called, and was when the file was adopted. */
  private Set<String> names(PartitionField field) {
    var names = new LinkedHashSet<String>();
    names.add(columns.findField(field.sourceId()).name());
    names.add(field.name());
    if (mapping != null) {
      MappedField mapped = mapping.find(field.sourceId());
      if (mapped != null) {
        names.addAll(mapped.names());
      }
    }
    return names;
  }
}
