package dev.tarn.spi;

import dev.tarn.expr.Expr;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a query needs of a source, at most.
 *
 * @param columns names of the columns it reads
 * @param filters what it will keep; a source may leave out rows for which one of them is not true
 * @param limit rows that are enough, whichever; only where there are no filters; empty for all
 */
public record ScanRequest(List<String> columns, List<Expr> filters, OptionalLong limit) {
  public ScanRequest {
    columns = List.copyOf(columns);
    filters = List.copyOf(filters);
  }
}
