package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.matches;
import static dev.tarn.Columns.within;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.CommandLog;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conditions that an index alone can tell, by a real server of version 1. */
class SearchConditionsTest extends SearchTest {

  private static final Schema PERSON =
      Schema.of("bio", VARCHAR, "home", VARCHAR, "age", BIGINT, "status", VARCHAR);

  private static final String BETWEEN_WORDS = " \t,.<>{}[]\"':;!@#$%^&*()-+=~/?|`";

  private void people(Map<String, Map<String, String>> documents) throws Exception {
    server.command("FLUSHALL");
    server.command(
        "FT.CREATE",
        "people",
        "SCHEMA",
        "bio",
        "TEXT",
        "home",
        "GEO",
        "age",
        "NUMERIC",
        "status",
        "TAG");
    add("people", documents);
  }

  private Frame people() {
    return redis.hashes("p:*", PERSON, o -> o.index("people"));
  }

  private static Map<String, String> person(String bio, int age) {
    return Map.of("bio", bio, "age", "" + age, "status", age % 2 == 0 ? "even" : "odd");
  }

  private void somePeople() throws Exception {
    var documents = new LinkedHashMap<String, Map<String, String>>();
    documents.put("p:1", person("Red shoes, the best", 20));
    documents.put("p:2", person("shoes are red", 31));
    documents.put("p:3", person("a red_hat and shoes", 40));
    documents.put("p:4", person("blue shoe", 51));
    people(documents);
  }

  static List<String> keys(Frame frame) {
    return frame.select("_key").sort("_key").collect().stream()
        .map(row -> row.text("_key"))
        .toList();
  }

  // ---- words

  @Test
  void allWordsAndPhrasesOfATextMustOccur() throws Exception {
    somePeople();
    assertThat(keys(people().filter(matches("bio", "red shoes")))).containsExactly("p:1", "p:2");
    assertThat(keys(people().filter(matches("bio", "SHOES")))).hasSize(4);
    assertThat(keys(people().filter(matches("bio", "\"red shoes\"")))).containsExactly("p:1");
    assertThat(keys(people().filter(matches("bio", "\"shoes the best\" red"))))
        .containsExactly("p:1");
    assertThat(keys(people().filter(matches("bio", "shoes \"red")))).containsExactly("p:1", "p:2");
    assertThat(keys(people().filter(matches("bio", "red_hat")))).containsExactly("p:3");
    assertThat(people().filter(matches("bio", "red-shoes")).explain())
        .contains("redis hashes p:* where matches(bio, 'red-shoes')")
        .contains("FT.SEARCH people '@bio:(red shoes)' NOCONTENT LIMIT 0 2000 · 2 keys")
        .doesNotContain("SCAN MATCH");
  }

  @Test
  void tooManyWordsAreNotSent() throws Exception {
    somePeople();
    String words = "red ".repeat(1001);
    assertThatThrownBy(() -> people().filter(matches("bio", words)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(
            "Cannot filter by matches(bio, '…'): there are more than 1,000 words in it.");
    assertThat(keys(people().filter(matches("bio", words.substring(4))))).isNotEmpty();
  }

  /** Newer servers take a range of nothing for a mistake. */
  @Test
  void aRangeOfNothingIsNotSent() throws Exception {
    somePeople();
    Frame none =
        people().filter(matches("bio", "red")).filter(col("age").ge(5).and(col("age").le(3)));
    assertThat(keys(none)).isEmpty();
    assertThat(none.explain()).contains("@age:[5 +inf] @age:[-inf 3]");
  }

  @Test
  void wordsThatTheIndexLeavesOutFindNothingByThemselves() throws Exception {
    somePeople();
    assertThat(keys(people().filter(matches("bio", "the")))).isEmpty();
    assertThat(keys(people().filter(matches("bio", "\"the are\"")))).isEmpty();
    assertThat(keys(people().filter(matches("bio", "the").and(col("age").ge(0))))).isEmpty();
    assertThat(keys(people().filter(matches("bio", "the").and(matches("bio", "red"))))).isEmpty();
    assertThat(keys(people().filter(matches("bio", "the best")))).containsExactly("p:1");
  }

  @Test
  void randomWordsAreFoundWhereTheyOccur() {
    Seeds.each(Seeds.rounds(3, 50), this::checkRandomWords);
  }

  private void checkRandomWords(Random random) throws Exception {
    List<String> vocabulary = IntStream.range(0, 25).mapToObj(i -> "w" + i + "x").toList();
    var documents = new LinkedHashMap<String, Map<String, String>>();
    var texts = new LinkedHashMap<String, List<String>>();
    for (int i = 0; i < 150; i++) {
      List<String> words = some(vocabulary, 1 + random.nextInt(10), random);
      texts.put("p:" + i, words);
      documents.put("p:" + i, person(written(words, random), i));
    }
    people(documents);
    for (int i = 0; i < 20; i++) {
      // of a word that is there twice the server asks once
      List<String> words =
          some(vocabulary, 1 + random.nextInt(3), random).stream().distinct().toList();
      List<String> all = keys(texts, text -> text.containsAll(words));
      String typed = written(words, random).replace('"', ' ');
      assertThat(keys(people().filter(matches("bio", typed)))).as(typed).isEqualTo(all);
      String byHand = words.stream().map(word -> "@bio:" + word).collect(joining(" "));
      assertThat(keys(redis.search("people", byHand, PERSON))).as(byHand).isEqualTo(all);
      assertThat(keys(people().filter(matches("bio", "\"" + typed + "\""))))
          .as("\"%s\"", typed)
          .isEqualTo(keys(texts, text -> Collections.indexOfSubList(text, words) >= 0));
    }
  }

  private static List<String> some(List<String> vocabulary, int count, Random random) {
    return IntStream.range(0, count)
        .mapToObj(i -> vocabulary.get(random.nextInt(vocabulary.size())))
        .toList();
  }

  private static String written(List<String> words, Random random) {
    return words.stream()
        .map(word -> random.nextBoolean() ? word : word.toUpperCase(java.util.Locale.ROOT))
        .map(word -> word + BETWEEN_WORDS.charAt(random.nextInt(BETWEEN_WORDS.length())))
        .collect(joining());
  }

  private static List<String> keys(
      Map<String, List<String>> texts, Predicate<List<String>> wanted) {
    return texts.entrySet().stream()
        .filter(each -> wanted.test(each.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Test
  void hostileTextsReachTheServerAsWordsAndNothingElse() throws Exception {
    somePeople();
    var texts =
        new ArrayList<>(
            List.of(
                "x) | (*",
                "red) @age:[0 100",
                "*",
                "red | blue",
                "-red",
                "~red",
                "%red%",
                "re*",
                "@age:[0 99]",
                "red=>{$weight:9}",
                "*=>[KNN 5 @v $b]",
                "\\",
                "\\)",
                "a\\",
                "_",
                "red\u0000blue",
                "red\nblue",
                "\ud800) | (",
                "\"red\\\" | \"blue\"",
                "$red"));
    Seeds.each(
        Seeds.rounds(60, 2000),
        random -> {
          var text = new StringBuilder();
          for (int i = 0; i <= random.nextInt(14); i++) {
            text.append("{}[]()|\"'\\*%~@$-=>:;.,!?_ redé1\n".charAt(random.nextInt(31)));
          }
          texts.add(text.toString());
        });
    try (CommandLog log = server.record()) {
      for (String text : texts) {
        if (text.codePoints().anyMatch(c -> c == '_' || Character.isLetterOrDigit(c))) {
          List<String> found = keys(people().filter(matches("bio", text)));
          boolean plain = Arrays.stream(text.split("[^a-z]+")).allMatch("red"::equals);
          assertThat(found).as(text).hasSizeLessThan(plain ? 3 : 4);
        }
      }
      List<List<String>> searches = log.commands("FT.SEARCH");
      assertThat(searches).hasSizeGreaterThan(60);
      String word = "([A-Za-z0-9é]|\\\\_)+";
      for (List<String> command : searches) {
        assertThat(command.get(2))
            .matches(
                "\\*|@bio:\\(((%s|\"%s( %s)*\")( (?=.*\\)$)|(?=\\)$)))+\\)"
                    .formatted(word, word, word));
      }
    }
  }

  // ---- among other steps

  @Test
  void otherFiltersAreLookedForWithThem() throws Exception {
    somePeople();
    Frame both = people().filter(matches("bio", "shoes").and(col("age").gt(30)));
    assertThat(keys(both)).containsExactly("p:2", "p:3", "p:4");
    assertThat(both.explain())
        .contains("'@bio:(shoes) @age:[(30 +inf]'")
        .contains("filters pushed: \"age\" > 30");
    Frame either =
        people()
            .filter(col("age").lt(25).or(col("age").gt(45)))
            .filter(matches("bio", "shoes"))
            .filter(matches("bio", "blue"));
    assertThat(keys(either)).containsExactly("p:4");
    assertThat(either.explain())
        .contains("'@bio:(shoes) @bio:(blue) ((@age:[-inf (25]) | (@age:[(45 +inf]))'");
    Frame ours = people().filter(col("status").like("e%")).filter(matches("bio", "shoes"));
    assertThat(keys(ours)).containsExactly("p:1", "p:3");
    assertThat(keys(people().filter(matches("bio", "shoes")).filter("_key = 'p:1'")))
        .containsExactly("p:1");
    assertThat(keys(people().filter(matches("bio", "hat")).filter("_key = 'p:1'"))).isEmpty();
  }

  @Test
  void findsItsColumnUnderOtherNames() throws Exception {
    somePeople();
    Frame renamed =
        people()
            .rename("bio", "text")
            .withColumns(col("age").plus(1).as("bio"))
            .sort("age")
            .filter(matches("TEXT", "red").and(col("bio").gt(21)));
    assertThat(keys(renamed)).containsExactly("p:2");
    assertThat(keys(people().drop("age").filter(matches("bio", "blue")).limit(3)))
        .containsExactly("p:4");
  }

  @Test
  void countsWhatIsThere() throws Exception {
    somePeople();
    Frame shoes = people().filter(matches("bio", "shoes"));
    server.command("DEL", "p:4");
    server.command("DEL", "p:3");
    server.command("SET", "p:3", "no hash");
    assertThat(keys(shoes)).containsExactly("p:1", "p:2");
    assertThat(keys(redis.search("people", "@bio:shoes", PERSON))).containsExactly("p:1", "p:2");
    for (Frame found :
        List.of(shoes, redis.search("people", "@bio:shoes", PERSON, o -> o.index("people")))) {
      assertThat(found.agg(count().as("n")).collect().stream().map(row -> row.longValue("n")))
          .containsExactly(2L);
      assertThat(
              found.groupBy("status").agg(count().as("n")).collect().stream()
                  .map(row -> row.text("status")))
          .containsExactlyInAnyOrder("even", "odd");
    }
    assertThat(shoes.groupBy("status").agg(count()).explain()).doesNotContain("FT.AGGREGATE");
  }

  // ---- places

  @Test
  void findsThePlacesThatAreNear() throws Exception {
    Seeds.each(Seeds.rounds(3, 50), this::checkPlaces);
  }

  private void checkPlaces(Random random) throws Exception {
    var documents = new LinkedHashMap<String, Map<String, String>>();
    var places = new LinkedHashMap<String, double[]>();
    double[] middle = {random.nextDouble(-179, 179), random.nextDouble(-80, 80)};
    for (int i = 0; i < 200; i++) {
      double far = Math.pow(10, -random.nextDouble(6));
      double longitude = middle[0] + random.nextDouble(-far, far);
      double latitude = middle[1] + random.nextDouble(-far, far);
      places.put("p:" + i, new double[] {longitude, latitude});
      documents.put("p:" + i, Map.of("home", longitude + "," + latitude));
    }
    documents.put("p:none", Map.of("bio", "nowhere"));
    people(documents);
    for (int i = 0; i < 20; i++) {
      double metres = Math.pow(10, random.nextDouble(0.5, 5.5));
      List<String> found = keys(people().filter(within("home", middle[0], middle[1], metres)));
      places.forEach((key, place) -> {
        double distance = distance(middle, place);
        double doubt = 1 + metres / 1000; // places are kept with 52 bits
        if (distance < metres - doubt) {
          assertThat(found).as("%s m", metres).contains(key);
        } else if (distance > metres + doubt) {
          assertThat(found).as("%s m", metres).doesNotContain(key);
        }
      });
      assertThat(found).doesNotContain("p:none");
    }
    assertThat(people().filter(within("home", 1e-7, -1.5, 0.5)).explain())
        .contains("'@home:[0.00000010 -1.5 0.5 m]'");
  }

  /** By the haversine formula, on the sphere that Redis has. */
  private static double distance(double[] a, double[] b) {
    double latitude = Math.sin(Math.toRadians(b[1] - a[1]) / 2);
    double longitude = Math.sin(Math.toRadians(b[0] - a[0]) / 2);
    double h =
        latitude * latitude
            + Math.cos(Math.toRadians(a[1]))
                * Math.cos(Math.toRadians(b[1]))
                * longitude
                * longitude;
    return 2 * 6372797.560856 * Math.asin(Math.sqrt(h));
  }
}
