package dev.tarn.redis;

import static dev.tarn.Columns.asc;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.sum;
import static dev.tarn.redis.RecordedInfo.attribute;
import static dev.tarn.redis.RecordedInfo.flat;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Aggregates by RediSearch 2, in both protocols: answers have the form that version 2.10 gave to
 * such commands, for there is no such server here.
 */
class RecordedAggregatesTest extends ReplayTest {

  private static final Schema SALE = Schema.of("region", VARCHAR, "amount", DOUBLE, "qty", BIGINT);

  private List<String> prefixes = List.of("s:");
  private long failures;
  private long documents = 5;
  private final List<Map<String, String>> groups = new ArrayList<>();
  private String warning = "";

  @BeforeEach
  void fill() {
    group("eu", 3, 12.5);
    group("us", 2, -0.75);
  }

  /** A group with its sum taken apart, as the server would print it. */
  private void group(String region, long rows, double sum) {
    var group = new LinkedHashMap<String, String>();
    if (region != null) {
      group.put("region", region);
    }
    group.put("__t_n", Long.toString(rows));
    String name = "_s_amount";
    double rest = Math.abs(sum);
    group.put("__t" + name, String.valueOf(sum));
    group.put("__th" + name, "0");
    for (int part = 0; part < 4; part++) {
      group.put("__t" + part + name, Long.toString((long) rest));
      rest = (rest - Math.floor(rest)) * 0x1p36;
    }
    group.put("__te" + name, "0");
    groups.add(group);
  }

  private Frame sales(int protocol) {
    server.answer(1L, "DBSIZE");
    server.handle("FT._LIST", command -> List.of("idx"));
    server.handle("FT.INFO", command -> protocol == 2 ? info() : map(info()));
    server.handle("FT.SEARCH", command -> List.of(0L));
    server.handle("FT.AGGREGATE", command -> protocol == 2 ? answer2() : answer3());
    server.handle("SCAN", command -> List.of("0", List.of()));
    Redis redis = redis(protocol);
    return redis.hashes("s:*", SALE).groupBy("region").agg(sum("amount").as("s"), count().as("n"));
  }

  private List<Object> info() {
    Map<String, Object> info =
        RecordedInfo.of(
            "idx",
            prefixes,
            documents,
            attribute("region", "TAG", "SEPARATOR", ","),
            attribute("amount", "NUMERIC"));
    info.put("hash_indexing_failures", failures);
    return flat(info);
  }

  private static Map<Object, Object> map(List<?> pairs) {
    var map = new LinkedHashMap<Object, Object>();
    for (int i = 0; i < pairs.size(); i += 2) {
      map.put(pairs.get(i), pairs.get(i + 1));
    }
    return map;
  }

  private Object answer2() {
    var answer = new ArrayList<Object>(List.of(1L));
    for (Map<String, String> group : groups) {
      var row = new ArrayList<Object>();
      group.forEach((name, value) -> row.addAll(Arrays.asList(name, value)));
      answer.add(row);
    }
    return answer;
  }

  private Object answer3() {
    var results = new ArrayList<Object>();
    groups.forEach(
        group -> results.add(map(List.of("extra_attributes", group, "values", List.of()))));
    return map(
        List.of(
            "attributes",
            List.of(),
            "format",
            "STRING",
            "results",
            results,
            "total_results",
            (long) groups.size(),
            "warning",
            warning.isEmpty() ? List.of() : List.of(warning)));
  }

  private static List<String> texts(Frame frame) {
    return frame.collect().stream().map(Row::toString).sorted().toList();
  }

  private boolean scanned() {
    return server.commands().stream()
        .anyMatch(command -> command.getFirst().equals("SCAN") && !command.contains("200"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void groupsComeFromTheIndex(int protocol) {
    assertThat(texts(sales(protocol)))
        .containsExactly("{region=eu, s=12.5, n=3}", "{region=us, s=-0.75, n=2}");
    assertThat(scanned()).isFalse();
    assertThat(server.commands().toString())
        .contains(
            "FT.AGGREGATE, idx, *, LOAD, 2, @region, @amount, GROUPBY, 1, @region", "TIMEOUT");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aPartOfTheDocumentsIsNotTaken(int protocol) {
    documents = 6;
    assertThat(texts(sales(protocol))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aGroupThatMayBeOfExpiredDocumentsIsNotTaken(int protocol) {
    group(null, 1, 5);
    documents = 6;
    assertThat(texts(sales(protocol))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aSumThatMayBeNullIsNotTaken(int protocol) {
    group("xx", 1, 0);
    documents = 6;
    assertThat(texts(sales(protocol))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theFirstGroupsComeFromTheIndex(int protocol) {
    documents = 100;
    group(null, 1, 0);
    assertThat(texts(sales(protocol).sort(desc("n")).limit(2)))
        .containsExactly("{region=eu, s=12.5, n=3}", "{region=us, s=-0.75, n=2}");
    assertThat(texts(sales(protocol).sort(desc("n"), asc("region")).limit(1)))
        .containsExactly("{region=eu, s=12.5, n=3}");
    assertThat(scanned()).isFalse();
    assertThat(server.commands().toString())
        .contains(
            "__te_s_amount, SORTBY, 2, @__t_n, DESC, MAX, 3, LIMIT, 0, 3, TIMEOUT, 20000",
            "__te_s_amount, SORTBY, 2, @__t_n, DESC, MAX, 1001, LIMIT, 0, 1001, TIMEOUT, 20000");

    assertThat(texts(sales(protocol).sort(desc("n")).limit(3))).as("of expired ones?").isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theFirstGroupsBySumAreTakenIfAllSumsAreNumbers(int protocol) {
    groups.forEach(group -> group.put("__t_o", "1"));
    documents = 100;
    assertThat(texts(sales(protocol).sort(desc("s")).limit(1)))
        .containsExactly("{region=eu, s=12.5, n=3}");
    assertThat(scanned()).isFalse();
    assertThat(server.commands().toString())
        .contains(
            "APPLY, (format(\"%s\",@__t_s_amount-@__t_s_amount)==\"0\"), AS, __t_o, SORTBY, 4,"
                + " @__t_o, ASC, @__t_s_amount, DESC, MAX, 2, LIMIT, 0, 2");
    groups.getFirst().put("__t_o", "0");
    assertThat(texts(sales(protocol).sort(desc("s")).limit(1))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void firstGroupsThatAreNotInOrderAreNotTaken(int protocol) {
    documents = 100;
    group("xx", 10, 1);
    groups.forEach(group -> group.put("__t_o", "1"));
    assertThat(texts(sales(protocol).sort(desc("s")).limit(2))).hasSize(2);
    assertThat(scanned()).isFalse();
    assertThat(texts(sales(protocol).sort("s").limit(2))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theFirstGroupsOfAnIndexThatIsMadeAnewAreNotTaken(int protocol) {
    for (Runnable change :
        List.<Runnable>of(() -> prefixes = List.of("other:"), () -> failures = 1)) {
      documents = 100;
      failures = 0;
      prefixes = List.of("s:");
      Frame top = sales(protocol).sort(desc("n")).limit(1);
      assertThat(texts(top)).hasSize(1);
      change.run();
      assertThat(texts(top)).isEmpty();
      assertThat(scanned()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Timeout limit was reached"})
  void aWarningOfTheFirstGroupsIsNotPassedOver(String text) {
    warning = text;
    assertThat(texts(sales(3).sort(desc("n")).limit(1))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void groupsByNameAreNotSortedByVersionTwo(int protocol) {
    assertThat(sales(protocol).sort("region").limit(1).explain())
        .contains("FT.AGGREGATE")
        .doesNotContain("SORTBY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Timeout limit was reached"})
  void aWarningIsNotPassedOver(String text) {
    warning = text;
    assertThat(texts(sales(3))).isEmpty();
    assertThat(scanned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anIndexOfOtherKeysIsNotUsed(int protocol) {
    prefixes = List.of("s:", "t:");
    assertThat(sales(protocol).explain().toString())
        .contains("not aggregated there: idx has other keys than s:*");
    prefixes = List.of("");
    assertThat(texts(sales(protocol))).isEmpty();
    assertThat(server.commands().toString()).doesNotContain("FT.AGGREGATE");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anIndexWithFailuresIsNotUsed(int protocol) {
    failures = 1;
    assertThat(texts(sales(protocol))).isEmpty();
    assertThat(server.commands().toString()).doesNotContain("FT.AGGREGATE");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whatIsNotCertainOfVersionTwoIsNotAsked(int protocol) {
    sales(protocol);
    Redis redis = redis(protocol);
    Frame frame = redis.hashes("s:*", SALE);
    assertThat(frame.groupBy("region").agg(mean("amount")).explain().toString())
        .contains("not aggregated there: only sum, min and max");
    assertThat(frame.groupBy("region").agg(max("qty")).explain().toString())
        .contains("not aggregated there: field qty is not indexed");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void byHandTheRowsAreReadWhereVersionTwoIsNotCertain(int protocol) {
    sales(protocol);
    server.handle(
        "FT.SEARCH",
        command ->
            protocol == 2
                ? List.of(2L, "s:1", "s:2")
                : map(
                    List.of(
                        "results",
                        List.of(
                            Map.of("id", "s:1", "values", List.of()),
                            Map.of("id", "s:2", "values", List.of())),
                        "total_results",
                        2L,
                        "warning",
                        List.of())));
    server.handle("HMGET", command -> List.of("eu", command.get(1).equals("s:1") ? "1.5" : "-2.5"));
    Redis redis = redis(protocol);
    assertThat(
            texts(
                redis
                    .aggregate("idx", "@region:{eu}")
                    .groupBy("region")
                    .reduce(mean("amount").as("m"), count("amount").as("n"))))
        .containsExactly("{region=eu, m=-0.5, n=2}");
    assertThat(scanned()).isFalse();
    assertThat(texts(redis.aggregate("idx", "*").groupBy("region").reduce(sum("amount").as("s"))))
        .containsExactly("{region=eu, s=12.5}", "{region=us, s=-0.75}");
  }

  /** Of other keys, of more documents that fail, or of few: within the time that it is kept. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anIndexThatIsMadeAnewIsNotTakenForTheOneThatItWas(int protocol) {
    List<Runnable> changes =
        List.of(
            () -> prefixes = List.of("other:"),
            () -> failures = 1,
            () -> {
              documents = 1;
              groups.clear();
              group("us", 1, -0.75);
            });
    for (Runnable change : changes) {
      documents = 5;
      failures = 0;
      prefixes = List.of("s:");
      groups.clear();
      group("eu", 3, 12.5);
      group("us", 2, -0.75);
      Frame sales = sales(protocol);
      assertThat(texts(sales)).hasSize(2);
      change.run();
      assertThat(texts(sales)).isEmpty();
      assertThat(scanned()).isTrue();
    }
  }
}
