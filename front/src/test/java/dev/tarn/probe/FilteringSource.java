package dev.tarn.probe;

import dev.tarn.expr.Expr;
import dev.tarn.io.BatchSource;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.Vector;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows in memory that does with a request what it can, and remembers it. */
final class FilteringSource implements Source {

  private final String name;
  private final Schema schema;
  private final List<Map<String, Object>> rows;
  final List<ScanRequest> requests = new ArrayList<>();
  int dropped;

  FilteringSource(String name, Schema schema, List<Map<String, Object>> rows) {
    this.name = name;
    this.schema = schema;
    this.rows = rows;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean usesRequests() {
    return true;
  }

  /** The same rows from a source that is asked for everything. */
  BatchSource plain() {
    return batches(rows, schema.names());
  }

  List<Expr> filters() {
    return requests.getLast().filters();
  }

  @Override
  public synchronized Scan plan(ScanRequest request) {
    requests.add(request);
    var kept = new ArrayList<Map<String, Object>>();
    for (Map<String, Object> row : rows) {
      if (request.filters().stream().noneMatch(filter -> drops(filter, row))) {
        kept.add(row);
      }
    }
    dropped += rows.size() - kept.size();
    return batches(kept, request.columns()).plan(request);
  }

  private static boolean drops(Expr filter, Map<String, Object> row) {
    try {
      return Interpreter.drops(filter, row);
    } catch (Interpreter.Unknown e) {
      return false;
    }
  }

  /** Columns that were not asked for are null, so that it shows if they are read. */
  private BatchSource batches(List<Map<String, Object>> from, List<String> wanted) {
    var batches = new ArrayList<Batch>();
    for (int start = 0; start < from.size(); start += Batch.MAX_SCAN_ROWS) {
      var part = from.subList(start, Math.min(from.size(), start + Batch.MAX_SCAN_ROWS));
      var vectors = new ArrayList<Vector>();
      for (Field field : schema.fields()) {
        boolean asked = wanted.contains(field.name());
        Object[] values = part.stream().map(row -> asked ? row.get(field.name()) : null).toArray();
        vectors.add(Vector.of(field.type(), values));
      }
      batches.add(new Batch(schema, part.size(), vectors));
    }
    return new BatchSource(name, schema, batches);
  }

  static Map<String, Object> row(Schema schema, Object... values) {
    var row = new LinkedHashMap<String, Object>();
    for (int i = 0; i < values.length; i++) {
      row.put(schema.names().get(i), values[i]);
    }
    return row;
  }
}
