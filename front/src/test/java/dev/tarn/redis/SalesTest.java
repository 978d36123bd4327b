package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.io.BatchSource;
import dev.tarn.plan.Plan;
import dev.tarn.type.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Sales that an index has, and queries of them by it, by a scan, and by the engine alone. */
abstract class SalesTest extends SearchTest {

  static final Schema SALE =
      Schema.of("region", VARCHAR, "kind", VARCHAR, "amount", DOUBLE, "qty", BIGINT);

  Frame indexed() {
    return redis.hashes("s:*", SALE, o -> o.index("i"));
  }

  Frame scanned() {
    return redis.hashes("s:*", SALE, o -> o.withoutIndex());
  }

  /** The rows as they are now, for the engine alone. */
  Frame inMemory() {
    var rows = scanned().collect();
    return Frame.of(
        new Plan.Scan(new BatchSource("rows", rows.schema(), rows.batches())), tarn.engine());
  }

  static void index() {
    server.command(
        "FT.CREATE",
        "i",
        "SCHEMA",
        "region",
        "TAG",
        "kind",
        "TAG",
        "SEPARATOR",
        "|",
        "amount",
        "NUMERIC",
        "qty",
        "NUMERIC");
  }

  static void put(String... fieldsAndValues) throws Exception {
    long number = server.command("DBSIZE") instanceof Long n ? n : 0;
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      fields.put(fieldsAndValues[i], fieldsAndValues[i + 1]);
    }
    add("i", Map.of("s:" + number, fields));
  }

  static List<String> rows(Frame frame) {
    return frame.collect().stream().map(Row::toString).sorted().toList();
  }

  static boolean wasPushed() {
    Map<String, Long> calls = server.calls();
    return calls.getOrDefault("FT.AGGREGATE", 0L) > 0 && !calls.containsKey("HMGET");
  }

  void samePushed(UnaryOperator<Frame> query) {
    same(query, true);
  }

  void same(UnaryOperator<Frame> query, boolean pushed) {
    List<String> expected = rows(query.apply(scanned()));
    assertThat(rows(query.apply(inMemory()))).isEqualTo(expected);
    server.forgetCalls();
    assertThat(rows(query.apply(indexed()))).isEqualTo(expected);
    assertThat(wasPushed()).as("pushed: " + query.apply(indexed()).explain()).isEqualTo(pushed);
  }
}
