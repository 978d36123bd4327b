package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisFunctionsTest extends RedisTest {

  @BeforeEach
  void fill() {
    tarn.redis(server.url());
    for (int i = 0; i < 20; i++) {
      server.command("HSET", "user:" + i, "name", "n" + i, "age", i, "since", 86_400 * i);
      server.command("SET", "count:" + i, i * 10);
    }
  }

  @Test
  void joinsTablesOfRedisInSql() {
    assertThat(
            tarn
                .sql(
                    """
                    SELECT u.name, c.value + ? AS total
                    FROM redis_hashes('user:*', schema := {name: 'VARCHAR', age: 'BIGINT'}) u
                    JOIN redis_strings(?, schema := 'BIGINT') AS c
                      ON c._key = 'count:' || u.age
                    WHERE u.age >= 18 ORDER BY 1
                    """,
                    1,
                    "count:*")
                .collect()
                .stream()
                .toList())
        .extracting(row -> row.text("name") + " " + row.longValue("total"))
        .containsExactly("n18 181", "n19 191");
  }

  @Test
  void oneTypeIsThatOfTheOnlyColumn() {
    server.command("SADD", "s", 3, 4);
    server.command("ZADD", "z", 1, 5);
    server.command("RPUSH", "l", 6);
    assertThat(
            tarn
                .sql(
                    """
                    SELECT sum(member) FROM redis_sets('s', schema := 'BIGINT') UNION ALL
                    SELECT sum(member) FROM redis_sorted_sets('z', schema := 'BIGINT') UNION ALL
                    SELECT sum(value) FROM redis_lists('l', schema := 'BIGINT')
                    """)
                .collect()
                .stream()
                .map(row -> row.value(0).toString()))
        .containsExactly("7", "5", "6");
    assertThatThrownBy(() -> tarn.sql("FROM redis_time_series('t', schema := 'BIGINT')"))
        .hasMessageContaining("the schema is none");
  }

  @Test
  void callsTheTableLikeTheFunction() {
    assertThat(
            tarn.sql(
                    "SELECT redis_hashes.name FROM redis_hashes('user:1*', schema := {name: 'VARCHAR', since: 'TIMESTAMP'},"
                        + " key := 'id', ttl := 'left', epochs := {since: 'seconds'}, on_bad_value := 'set_null')"
                        + " WHERE id = 'user:12' AND \"left\" IS NULL AND since = '1970-01-13'")
                .collect()
                .size())
        .isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithACall() {
    assertThatThrownBy(() -> tarn.sql("FROM redis_hashes('x', schem := {a: 'INT'})"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot call redis_hashes: there is no argument schem. Did you mean schema?");
    assertThatThrownBy(() -> tarn.sql("FROM redis_hashes()"))
        .hasMessage(
            "Cannot call redis_hashes: the pattern of keys is missing. Write one, such as 'user:*'.");
    assertThatThrownBy(() ->
            tarn.sql("FROM redis_hashes('x', schema := {a: 'DATE'}, epochs := {a: 'fortnights'})"))
        .hasMessage(
            "Cannot read dates as 'fortnights' since 1970: there is no such unit. Use days, seconds, millis, micros or nanos.");
    assertThatThrownBy(() -> tarn.sql("FROM redis_hashes('a' || 'b')"))
        .hasMessageContaining("its arguments must be values");
  }
}
