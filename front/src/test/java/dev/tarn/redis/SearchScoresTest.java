package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.matches;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Scores of searches as a column, beside what a plain client reads. */
class SearchScoresTest extends SearchTest {

  private static final Schema TEXT = Schema.of("text", VARCHAR, "n", BIGINT);

  private void texts(Random random) throws Exception {
    server.command("FLUSHALL");
    server.command("FT.CREATE", "texts", "SCHEMA", "text", "TEXT", "n", "NUMERIC");
    var documents = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder();
      for (int w = 0; w <= random.nextInt(20); w++) {
        text.append('w').append((int) Math.abs(random.nextGaussian() * 5)).append("x ");
      }
      documents.put("t:" + i, Map.of("text", text.toString(), "n", "" + i));
    }
    add("texts", documents);
  }

  private Frame texts() {
    return redis.hashes("t:*", TEXT, o -> o.index("texts").scoreColumn("score"));
  }

  private static Map<String, Double> scores(Frame frame) {
    var scores = new TreeMap<String, Double>();
    for (Row row : frame.select("_key", "score").collect()) {
      scores.put(row.text("_key"), (Double) row.value("score"));
    }
    return scores;
  }

  private static Map<String, Double> byPlainClient(String query) throws Exception {
    List<?> reply =
        (List<?>)
            server.command(
                "FT.SEARCH", "texts", query, "WITHSCORES", "NOCONTENT", "LIMIT", 0, 100_000);
    var scores = new TreeMap<String, Double>();
    for (int i = 1; i < reply.size(); i += 2) {
      scores.put(text(reply.get(i)), Double.valueOf(text(reply.get(i + 1))));
    }
    return scores;
  }

  private static String text(Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }

  @Test
  void scoresAreTheServers() {
    Seeds.each(Seeds.rounds(2, 20), this::checkScores);
  }

  private void checkScores(Random random) throws Exception {
    texts(random);
    tarn.redis(server.url());
    for (String words : List.of("w1x", "w1x w9x", "w2x w3x w4x")) {
      String query = "@text:(" + words + ")";
      Map<String, Double> expected = byPlainClient(query);
      assertThat(expected).isNotEmpty();
      assertThat(scores(texts().filter(matches("text", words)))).isEqualTo(expected);
      assertThat(scores(redis.search("texts", query, TEXT, o -> o.scoreColumn("score"))))
          .isEqualTo(expected);
      assertThat(
              scores(
                  tarn.sql(
                      "SELECT _key, score FROM redis_search('texts', ?, schema := {n: 'BIGINT'}, score := 'score')",
                      query)))
          .isEqualTo(expected);
    }
  }

  @Test
  void otherFiltersDoNotChangeThem() throws Exception {
    texts(new Random(1));
    Map<String, Double> all = byPlainClient("@text:(w2x)");
    Frame some = texts().filter(matches("text", "w2x").and(col("n").lt(1000)));
    assertThat(scores(some))
        .hasSizeBetween(10, 999)
        .allSatisfy((key, score) -> assertThat(score).isEqualTo(all.get(key)));
    assertThat(some.explain())
        .contains("FT.SEARCH texts '@text:(w2x)' WITHSCORES NOCONTENT LIMIT 0 ");
    assertThat(some.select("n").explain())
        .contains("FT.SEARCH texts '@text:(w2x) @n:[-inf (1000]' NOCONTENT LIMIT 0 ");
  }

  @Test
  void theBestComeFirstWhereTheyAreSortedSo() throws Exception {
    texts(new Random(2));
    double best =
        byPlainClient("@text:(w1x w2x)").values().stream().mapToDouble(s -> s).max().orElseThrow();
    Frame top = texts().filter(matches("text", "w1x w2x")).sort(desc("score")).limit(1);
    assertThat(scores(top).values()).containsExactly(best);
  }

  @Test
  void rowsThatNoSearchFoundHaveNone() throws Exception {
    texts(new Random(3));
    assertThat(texts().filter(col("score").isNotNull()).collect().size()).isZero();
    Frame byIndex = texts().filter(col("n").lt(10));
    assertThat(byIndex.explain()).contains("FT.SEARCH texts '@n:[-inf (10]' NOCONTENT");
    assertThat(scores(byIndex)).hasSize(10).allSatisfy((key, score) -> assertThat(score).isNull());
    assertThatThrownBy(() -> redis.strings("s:*", VARCHAR, o -> o.scoreColumn("score")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot scan strings s:* with a column of scores: no index finds them. Leave it out.");
    assertThatThrownBy(() -> redis.hashes("s:*", TEXT, o -> o.scoreColumn("n")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("two columns are called n");
  }
}
