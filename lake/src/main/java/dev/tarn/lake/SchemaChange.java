package dev.tarn.lake;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.SortKey;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Changes a dataset's columns, partitions and order: metadata alone, by one commit each. */
final class SchemaChange {

  private static final int FORMAT_WITH_DEFAULTS = 3;

  private final Dataset dataset;
  private final Table table;

  SchemaChange(Dataset dataset) {
    this.dataset = dataset;
    this.table = dataset.refreshed();
  }

  Dataset add(String path, DataType type, @Nullable Object value) {
    int dot = path.lastIndexOf('.');
    String parent = dot < 0 ? null : exact("add to", path.substring(0, dot));
    String name = path.substring(dot + 1);
    if (table.schema().caseInsensitiveFindField(path) != null) {
      throw new InvalidRequest(
          "Cannot add column %s to [%s]: it has one of that name. Rename or widen it."
              .formatted(path, dataset.name()));
    }
    Type iceberg = IcebergTypes.type(path, type, new AtomicInteger(1_000_000)::incrementAndGet);
    Literal<?> initial = value == null ? null : literal(path, iceberg, value);
    if (initial != null) {
      if (parent != null && !isWithinStructsAlone(parent)) {
        throw new InvalidRequest(
            "Cannot add column %s with a value for the rows there are: within lists and maps there is none. Leave the value out, and update."
                .formatted(path));
      }
      requireDefaults();
    }
    return change(
        "add column %s to".formatted(path),
        update -> {
          if (parent == null) {
            update.addColumn(name, iceberg, null, initial);
          } else {
            update.addColumn(parent, name, iceberg, null, initial);
          }
        });
  }

  private boolean isWithinStructsAlone(String path) {
    int dot = path.lastIndexOf('.');
    return table.schema().findField(path).type().isStructType()
        && (dot < 0 || isWithinStructsAlone(path.substring(0, dot)));
  }

  private static Literal<?> literal(String column, Type type, Object value) {
    try {
      Object internal = requireNonNull(IcebergTypes.toIceberg(type, value));
      return requireNonNull(Expressions.lit(internal).to(type));
    } catch (RuntimeException e) {
      throw new InvalidRequest(
          "Cannot add column %s: %s is no value of %s.".formatted(column, value, type), e);
    }
  }

  private void requireDefaults() {
    int version =
        ((org.apache.iceberg.HasTableOperations) table).operations().current().formatVersion();
    if (version < FORMAT_WITH_DEFAULTS) {
      Lake.call(
          "upgrade [%s]".formatted(dataset.name()),
          () -> {
            table
                .updateProperties()
                .set(TableProperties.FORMAT_VERSION, Integer.toString(FORMAT_WITH_DEFAULTS))
                .commit();
            return true;
          });
    }
  }

  Dataset drop(String column) {
    String name = exact("drop", column);
    int id = table.schema().findField(name).fieldId();
    for (PartitionField field : table.spec().fields()) {
      if (field.sourceId() == id && !field.transform().isVoid()) {
        throw new InvalidRequest(
            "Cannot drop column %s of [%s]: it is partitioned by it. Repartition it first."
                .formatted(column, dataset.name()));
      }
    }
    for (SortField field : table.sortOrder().fields()) {
      if (field.sourceId() == id) {
        throw new InvalidRequest(
            "Cannot drop column %s of [%s]: it is sorted by it. Say sortBy() first."
                .formatted(column, dataset.name()));
      }
    }
    return change("drop column %s of".formatted(column), update -> update.deleteColumn(name));
  }

  Dataset rename(String column, String newName) {
    String name = exact("rename", column);
    return change(
        "rename column %s of".formatted(column), update -> update.renameColumn(name, newName));
  }

  Dataset widen(String column, DataType type) {
    String name = exact("widen", column);
    Type wider = IcebergTypes.type(column, type, () -> 0);
    if (!wider.isPrimitiveType()
        || !TypeUtil.isPromotionAllowed(
            table.schema().findField(name).type(), wider.asPrimitiveType())) {
      throw new InvalidRequest(
          "Cannot widen column %s of [%s] from %s to %s: only int to long, float to double, and decimals to more digits before the point."
              .formatted(
                  column,
                  dataset.name(),
                  IcebergTypes.type(table.schema().findField(name).type()),
                  type));
    }
    return change(
        "widen column %s of".formatted(column),
        update -> update.updateColumn(name, wider.asPrimitiveType()));
  }

  Dataset moveFirst(String column) {
    String name = exact("move", column);
    return change("move column %s of".formatted(column), update -> update.moveFirst(name));
  }

  Dataset moveAfter(String column, String other) {
    String name = exact("move", column);
    String before = exact("move after", other);
    return change("move column %s of".formatted(column), update -> update.moveAfter(name, before));
  }

  Dataset makeOptional(String column) {
    String name = exact("make optional", column);
    return change(
        "make column %s optional of".formatted(column), update -> update.makeColumnOptional(name));
  }

  /** Adds what a frame has more, and widens what is too narrow for it; nothing is narrowed. */
  void evolveTo(dev.tarn.type.Schema frame) {
    Schema now = table.schema();
    UpdateSchema update = table.updateSchema();
    boolean changes = false;
    for (Field field : frame.fields()) {
      Types.NestedField column = now.caseInsensitiveFindField(field.name());
      Type type =
          IcebergTypes.type(
              field.name(), field.type(), new AtomicInteger(1_000_000)::incrementAndGet);
      if (column == null) {
        update.addColumn(null, field.name(), type);
        changes = true;
      } else if (isWider(column.type(), type)) {
        update.updateColumn(column.name(), type.asPrimitiveType());
        changes = true;
      }
    }
    if (changes) {
      Lake.call(
          "evolve [%s]".formatted(dataset.name()),
          () -> {
            update.commit();
            return true;
          });
    }
  }

  private static boolean isWider(Type from, Type to) {
    return !from.equals(to)
        && to.isPrimitiveType()
        && TypeUtil.isPromotionAllowed(from, to.asPrimitiveType());
  }

  Dataset repartition(List<Transform> transforms) {
    return commit("repartition", () -> update(transforms).commit());
  }

  private UpdatePartitionSpec update(List<Transform> transforms) {
    UpdatePartitionSpec update = table.updateSpec();
    List<PartitionField> there =
        table.spec().fields().stream().filter(field -> !field.transform().isVoid()).toList();
    List<String> wanted = transforms.stream().map(this::termText).toList();
    there.stream()
        .filter(field -> !wanted.contains(termText(field)))
        .forEach(field -> update.removeField(field.name()));
    List<String> kept = there.stream().map(this::termText).toList();
    transforms.stream()
        .filter(transform -> !kept.contains(termText(transform)))
        .forEach(transform ->
            update.addField(transform.term(exact("partition by", transform.column()))));
    return update;
  }

  private String termText(Transform transform) {
    return transform.term(exact("partition by", transform.column())).toString();
  }

  private String termText(PartitionField field) {
    String name = table.schema().findColumnName(field.sourceId());
    String text = field.transform().toString();
    int bracket = text.indexOf('[');
    int parameter =
        bracket < 0 ? 0 : Integer.parseInt(text.substring(bracket + 1, text.length() - 1));
    String kind = bracket < 0 ? text : text.substring(0, bracket);
    return new Transform(
            Transform.Kind.valueOf(kind.toUpperCase(java.util.Locale.ROOT)),
            String.valueOf(name),
            parameter)
        .term(String.valueOf(name))
        .toString();
  }

  Dataset sortBy(List<SortKey> keys) {
    SortOrder order = Lake.order(table.schema(), keys);
    ReplaceSortOrder update = table.replaceSortOrder();
    for (SortField field : order.fields()) {
      String name = table.schema().findColumnName(field.sourceId());
      switch (field.direction()) {
        case ASC -> update.asc(name, field.nullOrder());
        case DESC -> update.desc(name, field.nullOrder());
      }
    }
    return commit("sort", update::commit);
  }

  private Dataset change(String verb, Consumer<UpdateSchema> change) {
    UpdateSchema update = table.updateSchema();
    return commit(
        verb,
        () -> {
          change.accept(update);
          update.commit();
        });
  }

  private Dataset commit(String verb, Runnable commit) {
    Lake.call(
        "%s [%s]".formatted(verb, dataset.name()),
        () -> {
          commit.run();
          return true;
        });
    return dataset;
  }

  private String exact(String verb, String column) {
    return Lake.exactName(table.schema(), verb, column);
  }
}
