package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.JsonPath;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.Role;
import dev.tarn.redis.scan.ScanColumn;
import dev.tarn.redis.scan.ScanSpec;
import org.jspecify.annotations.Nullable;

/** Columns of a table and the fields of an index that are made of the same. */
record Fields(RedisIndex index, ScanSpec spec) {

  boolean isJson() {
    return spec.type() == KeyType.JSON;
  }

  /** The column that an expression is; null where it is none of a field. */
  @Nullable ScanColumn column(Expr operand) {
    if (!(operand instanceof Expr.Column(String name))) {
      return null;
    }
    return spec.columns().stream()
        .filter(c -> c.role() == Role.FIELD && c.name().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  /** The field of a type that a query can name; null where there is none. */
  @Nullable IndexField find(ScanColumn column, IndexField.Type type) {
    return index.fields().stream()
        .filter(field -> field.type() == type && field.searchable())
        .filter(field -> isOf(field, column) && QueryText.isWritable(field.name()))
        .filter(this::isTheOnly)
        .findFirst()
        .orElse(null);
  }

  private boolean isOf(IndexField field, ScanColumn column) {
    if (!isJson()) {
      return field.path().equals(column.source());
    }
    return JsonPath.parse(field.path())
        .filter(JsonPath::isSendable)
        .filter(path -> path.toString().equals(column.source()))
        .isPresent();
  }

  /** Version 1 takes names that differ in case for the same. */
  private boolean isTheOnly(IndexField field) {
    return index.fields().stream().filter(f -> f.name().equalsIgnoreCase(field.name())).count()
        == 1;
  }
}
