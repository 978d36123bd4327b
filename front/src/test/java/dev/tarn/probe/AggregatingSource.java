package dev.tarn.probe;

import dev.tarn.expr.SortKey.Direction;
import dev.tarn.expr.SortKey.Nulls;
import dev.tarn.io.BatchSource;
import dev.tarn.spi.AggregateAnswer;
import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TopGroups;
import dev.tarn.spi.TopGroups.Ties;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Rows in memory that answers aggregates itself, by plain Java, and remembers them. */
final class AggregatingSource implements Source {

  private final Schema schema;
  private final List<Map<String, Object>> rows;
  final List<AggregateRequest> answered = Collections.synchronizedList(new ArrayList<>());
  int planned;
  int stubs;
  int declined;
  int sent;
  String declines;

  AggregatingSource(Schema schema, List<Map<String, Object>> rows) {
    this.schema = schema;
    this.rows = rows;
  }

  @Override
  public String name() {
    return "aggregating";
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean usesRequests() {
    return true;
  }

  @Override
  public boolean aggregates() {
    return true;
  }

  /** Asked for each stub that stands for it as a query is planned, and by nobody else. */
  @Override
  public OptionalLong rowEstimate() {
    stubs++;
    return OptionalLong.empty();
  }

  /** The same rows from a source that cannot aggregate. */
  BatchSource plain() {
    return source(schema, rows);
  }

  @Override
  public Scan plan(ScanRequest request) {
    planned++;
    return plain().plan(request);
  }

  @Override
  public AggregateAnswer aggregate(AggregateRequest request) {
    return new AggregateAnswer.Offer(
        List.of("it would be asked"),
        () -> {
          if (declines != null) {
            declined++;
            return new AggregateAnswer.Declined(declines);
          }
          answered.add(request);
          return new AggregateAnswer.Rows(answer(request));
        });
  }

  private RowScan answer(AggregateRequest request) {
    var groups = new LinkedHashMap<List<Object>, List<Map<String, Object>>>();
    if (request.groups().isEmpty()) {
      groups.put(List.of(), new ArrayList<>());
    }
    for (Map<String, Object> row : rows) {
      if (request.filters().stream().noneMatch(filter -> Interpreter.drops(filter, row))) {
        List<Object> key = new ArrayList<>();
        request.groups().forEach(name -> key.add(row.get(name)));
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
      }
    }
    var fields = new ArrayList<Field>();
    request.groups().forEach(name -> fields.add(new Field(name, type(name))));
    for (AggregateCall call : request.calls()) {
      fields.add(
          new Field(
              "call_" + fields.size(),
              call.type(call.column() == null ? null : type(call.column()))));
    }
    var results = new ArrayList<Map<String, Object>>();
    groups.forEach((key, members) -> {
      var values = new ArrayList<>(key);
      request.calls().forEach(call -> values.add(value(call, members)));
      var row = new LinkedHashMap<String, Object>();
      for (int i = 0; i < fields.size(); i++) {
        row.put(fields.get(i).name(), values.get(i));
      }
      results.add(row);
    });
    var answer = new Schema(fields);
    TopGroups top = request.top();
    return (RowScan)
        source(
                answer,
                top == null ? results : needed(results, fields.get(top.column()).name(), top))
            .plan(new ScanRequest(answer.names(), List.of(), OptionalLong.empty()));
  }

  /** No more than must be; which of those with the last value is left to chance. */
  private List<Map<String, Object>> needed(
      List<Map<String, Object>> groups, String column, TopGroups top) {
    Comparator<Object> values =
        top.direction() == Direction.ASC
            ? Interpreter::compare
            : (a, b) -> Interpreter.compare(b, a);
    Comparator<Map<String, Object>> order =
        Comparator.comparing(
            group -> group.get(column),
            top.nulls() == Nulls.LAST
                ? Comparator.nullsLast(values)
                : Comparator.nullsFirst(values));
    var sorted = new ArrayList<>(groups);
    Collections.shuffle(sorted);
    sorted.sort(order);
    int end = (int) Math.min(top.rows(), sorted.size());
    while (top.ties() == Ties.ALL
        && end < sorted.size()
        && order.compare(sorted.get(end), sorted.get(end - 1)) == 0) {
      end++;
    }
    sent += end;
    return sorted.subList(0, end);
  }

  private DataType type(String column) {
    return schema.field(column).orElseThrow().type();
  }

  private Object value(AggregateCall call, List<Map<String, Object>> members) {
    List<Object> values =
        members.stream().map(row -> row.get(call.column())).filter(Objects::nonNull).toList();
    return switch (call.function()) {
      case COUNT_ALL -> (long) members.size();
      case COUNT -> (long) values.size();
      case COUNT_DISTINCT -> values.stream().distinct().count();
      case MIN -> values.stream().min(Interpreter::compare).orElse(null);
      case MAX -> values.stream().max(Interpreter::compare).orElse(null);
      case AVG ->
          values.isEmpty()
              ? null
              : values.stream().mapToDouble(v -> ((Number) v).doubleValue()).sum() / values.size();
      case SUM -> values.isEmpty() ? null : sum(values);
    };
  }

  private static Object sum(List<Object> values) {
    return values.getFirst() instanceof Double
        ? (Object) values.stream().mapToDouble(v -> (Double) v).sum()
        : values.stream()
            .map(v -> BigInteger.valueOf(((Number) v).longValue()))
            .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private BatchSource source(Schema columns, List<Map<String, Object>> from) {
    var batches = new ArrayList<Batch>();
    for (int start = 0; start < from.size(); start += Batch.MAX_SCAN_ROWS) {
      var part = from.subList(start, Math.min(from.size(), start + Batch.MAX_SCAN_ROWS));
      var vectors = new ArrayList<Vector>();
      for (Field field : columns.fields()) {
        vectors.add(
            Vector.of(field.type(), part.stream().map(row -> row.get(field.name())).toArray()));
      }
      batches.add(new Batch(columns, part.size(), vectors));
    }
    return new BatchSource("plain", columns, batches);
  }
}
