package dev.tarn.redis.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.scan.JsonPath.Member;
import dev.tarn.redis.scan.JsonPath.Place;
import dev.tarn.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "$.a,                   $.a",
        "$.a.b_2[0],            $.a.b_2[0]",
        "$['a'][\"b c\"][-1].d, $.a[\"b c\"][-1].d",
        "$['.a'],               $[\".a\"]",
        "$[\"é\"],              $[\"é\"]",
        "$[7],                  $[7]",
        "$[\"a\\\"\\\\\"],      $[\"a\\\"\\\\\"]",
        "$[''],                 $[\"\"]"
      })
  void isWrittenInOneWay(String text, String written) {
    assertThat(JsonPath.parse(text).orElseThrow().toString()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$",
        "a",
        ".a",
        "$a",
        "$.",
        "$..a",
        "$.*",
        "$.a[*]",
        "$.a[0:2]",
        "$.a[?(@.b)]",
        "$.a,b",
        "$.a-b",
        "$.a ",
        " $.a",
        "$.a[0,1]",
        "$[a]",
        "$.a[1234567890]",
        "$[\"a]",
        "$['a\\'b']"
      })
  void whatMayLeadToMorePlacesIsNone(String text) {
    assertThat(JsonPath.parse(text)).isEmpty();
  }

  @Test
  void whateverIsInItComesBack() {
    Seeds.each(
        Seeds.rounds(2_000, 200_000),
        random -> {
          var steps = new ArrayList<JsonPath.Step>();
          for (int i = random.nextInt(1, 4); i > 0; i--) {
            var name = new StringBuilder();
            for (int k = random.nextInt(4); k > 0; k--) {
              name.append("ab1_.\"\\'[]$*é \n".charAt(random.nextInt(15)));
            }
            steps.add(
                random.nextInt(4) == 0
                    ? new Place(random.nextInt(-9, 1000))
                    : new Member(name.toString()));
          }
          var path = new JsonPath(steps);
          assertThat(JsonPath.parse(path.toString())).contains(path);
        });
  }

  @Test
  void aMemberAtTheTopIsKnown() {
    assertThat(JsonPath.member("a.b").topMember()).contains("a.b");
    assertThat(JsonPath.parse("$.a.b").flatMap(JsonPath::topMember)).isEqualTo(Optional.empty());
    assertThat(new JsonPath(List.of(new Place(0))).topMember()).isEmpty();
  }
}
