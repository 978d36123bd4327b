package dev.tarn.sql;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import org.jspecify.annotations.Nullable;

/**
 * How one engine writes what engines write differently. What all of them write alike is in {@link
 * ExprSql} and {@link PlanSql}.
 */
public interface Dialect {

  /** An identifier, quoted. */
  String quote(String identifier);

  /** A constant. Escaped: no value can end the literal. */
  String literal(@Nullable Object value);

  String interval(Expr.Interval interval);

  String type(DataType type);

  /** The engine's own name for a function; the names used in expressions are DuckDB's. */
  default String function(String name) {
    return name;
  }
}
