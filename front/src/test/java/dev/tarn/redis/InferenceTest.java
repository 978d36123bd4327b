package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceTest extends RedisTest {

  /** Writes a hash for each value, in a field. */
  private void values(Object... values) {
    for (int i = 0; i < values.length; i++) {
      server.command("HSET", "v:" + i, "x", values[i]);
    }
  }

  private InferredSchema.Column column() {
    return redis.inferSchema("v:*").columns().getFirst();
  }

  private String type(Object... values) {
    server.command("FLUSHALL");
    values(values);
    String type = column().type().toString();
    assertThat(redis.hashes("v:*").collect().size())
        .as("read as %s", type)
        .isEqualTo(values.length);
    return type;
  }

  @Test
  void proposesTheTypeThatAllValuesFit() {
    assertThat(type("1", "2", "-7")).isEqualTo("BIGINT");
    assertThat(type("1", "9223372036854775808")).isEqualTo("HUGEINT");
    assertThat(type("1", "2.5", "1e3")).isEqualTo("DOUBLE");
    assertThat(type("0.1", "nan", "inf")).isEqualTo("DOUBLE");
    assertThat(type("12345678901234567.89", "1.5")).isEqualTo("DECIMAL(38,2)");
    assertThat(type("true", "False")).isEqualTo("BOOLEAN");
    assertThat(type("y", "N")).isEqualTo("BOOLEAN");
    assertThat(type("true", "1", "0")).isEqualTo("BOOLEAN");
    assertThat(type("2024-01-31", "2023-12-01")).isEqualTo("DATE");
    assertThat(type("2024-01-31", "2023-12-01T10:00:00")).isEqualTo("TIMESTAMP");
    assertThat(type("2024-01-31T10:00:00Z", "2024-01-31 10:00:00.5+01:00"))
        .isEqualTo("TIMESTAMP WITH TIME ZONE");
    assertThat(type("10:00", "23:59:59")).isEqualTo("TIME");
    assertThat(type("{\"a\": 1}", "[1, 2]")).isEqualTo("JSON");
    assertThat(type(new byte[] {(byte) 0xff}, "text")).isEqualTo("BLOB");
  }

  @Test
  void neverNarrowsTextThatOnlyLooksLikeSomethingElse() {
    assertThat(type("00501", "10001")).isEqualTo("VARCHAR");
    assertThat(type("+4712345678")).isEqualTo("VARCHAR");
    assertThat(type("0", "1")).isEqualTo("BIGINT");
    assertThat(type("no", "no")).isEqualTo("VARCHAR");
    assertThat(type("f", "f")).isEqualTo("VARCHAR");
    assertThat(type("f", "m")).isEqualTo("VARCHAR");
    assertThat(type("2024-02-31")).isEqualTo("VARCHAR");
    assertThat(type("2024-01-31T10:00:00Z", "2024-01-31T10:00:00")).isEqualTo("VARCHAR");
    assertThat(type("1", "abc")).isEqualTo("VARCHAR");
    assertThat(type("", "")).isEqualTo("VARCHAR");
    assertThat(type("1e400", "-", ".", "e5")).isEqualTo("VARCHAR");
  }

  @Test
  void saysWhatStandsInTheWayOfANarrowerType() {
    values("1", "2", "3", "abc");
    assertThat(column().notes())
        .containsExactly(
            "1 of 4 are none, such as 'abc'; else it would be BIGINT, which onBadValue(SET_NULL) allows");
    server.command("FLUSHALL");
    values("1", "2", "3", "");
    assertThat(column().notes())
        .containsExactly(
            "1 of 4 are none, such as an empty text; else it would be BIGINT, which onBadValue(SET_NULL) allows");
    server.command("FLUSHALL");
    values("00501", "10001", "+1");
    assertThat(column().notes())
        .containsExactly("2 begin with a zero or a plus sign, which numbers would lose");
  }

  @Test
  void saysWhatWasSeen() {
    for (int i = 0; i < 10; i++) {
      server.command("HSET", "user:" + i, "name", "n" + i, "age", i % 3);
    }
    server.command("HDEL", "user:3", "age");
    server.command("HSET", "other:1", "name", "x");
    InferredSchema inferred = redis.inferSchema("user:*");
    assertThat(inferred.sampled()).isEqualTo(10);
    assertThat(inferred.whole()).isTrue();
    assertThat(inferred.schema().toString()).contains("name VARCHAR").contains("age BIGINT");
    InferredSchema.Column age =
        inferred.columns().stream().filter(c -> c.name().equals("age")).findFirst().orElseThrow();
    assertThat(age.present()).isEqualTo(9);
    assertThat(age.missing()).isEqualTo(1);
    assertThat(age.distinct()).isEqualTo(3);
    assertThat(age.seen()).isEqualTo(Map.of("integer", 9L));
    assertThat(age.confidence()).isEqualTo(1);
    assertThat(age.examples()).containsExactlyInAnyOrder("0", "1", "2");
    assertThat(inferred.toString()).contains("redis hashes user:*: 10 keys");
  }

  @Test
  void samplesHereAndThere() throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < 40_000; i++) {
        commands.add(new Object[] {"HSET", "user:" + i, "n", i});
      }
      client.pipeline(commands);
    }
    InferredSchema inferred = redis.inferSchema("user:*", o -> o.sample(200));
    assertThat(inferred.sampled()).isEqualTo(200);
    assertThat(inferred.whole()).isFalse();
    assertThat(inferred.columns().getFirst().confidence()).isBetween(0.98, 0.99);
    server.command("HSET", "rare:1", "a", "x");
    assertThat(redis.inferSchema("rare:*").sampled()).isEqualTo(1);
  }

  @Test
  void leavesOutFieldsThatCannotBeColumns() {
    server.command("HSET", "v:1", "Name", "a", "name", "b", "_key", "c");
    server.command("HSET", "v:2", "name", "b", new byte[] {(byte) 0xfe}, "c");
    InferredSchema inferred = redis.inferSchema("v:*");
    assertThat(inferred.schema().names()).containsExactly("name");
    assertThat(inferred.notes())
        .containsExactlyInAnyOrder(
            "Name is left out: another column is called name",
            "_key is left out: another column is called _key",
            "left out, as their names are no UTF-8 text: \\xfe");
  }

  @Test
  void readsOnlySomeFieldsOfLargeHashes() {
    var command = new ArrayList<Object>(List.of("HSET", "v:1"));
    for (int i = 0; i < 5000; i++) {
      command.add("f" + i);
      command.add("v");
    }
    server.command(command.toArray());
    InferredSchema inferred = redis.inferSchema("v:*");
    assertThat(inferred.columns()).hasSize(500);
    assertThat(inferred.notes().getFirst()).contains("a map rather than a table");
  }

  @Test
  void countsTheFieldsOfManyMaps() throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < 100; i++) {
        var command = new ArrayList<Object>(List.of("HSET", "v:" + i, "name", "n" + i));
        for (int j = 0; j < 1_000; j++) {
          command.add("id:" + i + ":" + j);
          command.add(j);
        }
        for (int j = 0; j < 3; j++) {
          command.add(new byte[] {(byte) 0xfe, (byte) ('a' + i % 25), (byte) ('0' + j)});
          command.add("x");
        }
        commands.add(command.toArray());
      }
      client.pipeline(commands);
    }
    InferredSchema inferred = redis.inferSchema("v:*");
    assertThat(inferred.columns()).hasSize(500);
    assertThat(inferred.columns())
        .filteredOn(c -> c.name().equals("name"))
        .extracting(InferredSchema.Column::present)
        .containsExactly(100L);
    assertThat(inferred.notes().getFirst())
        .isEqualTo(
            "there are 100,001 different fields, which is a map rather than a table; of the first 20,000, the 500 that most keys have are columns");
    assertThat(inferred.notes().getLast())
        .startsWith("left out, as their names are no UTF-8 text: \\xfe")
        .endsWith(" and 55 more");
  }

  @Test
  void infersStrings() {
    server.command("SET", "cnt:1", "5");
    server.command("SET", "cnt:2", "7");
    server.command("HSET", "cnt:3", "a", "b");
    assertThat(redis.inferSchema("cnt:*").schema().toString()).isEqualTo("value BIGINT");
    assertThat(redis.strings("cnt:*").collect().size()).isEqualTo(2);
  }

  @Test
  void largeStringsAreCutBetweenCharacters() {
    for (String character : List.of("ä", "€", "😀")) {
      for (int i = 0; i < 4; i++) {
        server.command("FLUSHALL");
        server.command("SET", "s:1", "x".repeat(i) + character.repeat(50_000));
        assertThat(redis.inferSchema("s:*").schema().toString())
            .as("%s behind %d bytes", character, i)
            .isEqualTo("value VARCHAR");
      }
    }
    byte[] bytes = new byte[100_000];
    java.util.Arrays.fill(bytes, (byte) 0x80);
    server.command("SET", "s:1", bytes);
    assertThat(redis.inferSchema("s:*").schema().toString()).isEqualTo("value BLOB");
  }

  @Test
  void saysThatNothingMatches() {
    assertThatThrownBy(() -> redis.inferSchema("none:*"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot find out the columns of none:*: no key matches. Check the pattern. [redis://127.0.0.1:%d]"
                .formatted(server.port()));
    server.command("SET", "s", "x");
    assertThatThrownBy(() -> redis.hashes("s*"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Cannot find out the columns of hashes s*: no such key is there.");
    server.command("SADD", "set:1", "x");
    assertThatThrownBy(() -> redis.inferSchema("set:*"))
        .hasMessage(
            "Cannot find out the columns of set:*: its keys are sets, whose columns are always the same. Read them as such.");
  }

  @Test
  void keepsBytesOfKeysAsTheyAre() {
    server.command("HSET", "v:ä😀".getBytes(StandardCharsets.UTF_8), "a", "1");
    assertThat(redis.inferSchema("v:*").sampled()).isEqualTo(1);
  }
}
