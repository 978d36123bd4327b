package dev.tarn.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.RedisOptions.Tls.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://localhost                       | redis://localhost:6379
          REDIS://h:7000/                         | redis://h:7000
          redis://                                | redis://localhost:6379
          redis://:7000                           | redis://localhost:7000
          redis://user:geheim@h:7000/3            | redis://h:7000/3
          redis://user@h                          | redis://h:6379
          redis://user@                           | redis://localhost:6379
          redis://[::1]:7000                      | redis://[::1]:7000
          redis://[fe80::1%eth0]                  | redis://[fe80::1%eth0]:6379
          rediss://h?database=2                   | rediss://h:6379/2
          rediss://h/1?db=2                       | rediss://h:6379/2
          unix:///run/a@b.sock                    | unix:///run/a@b.sock
          redis+unix://:geheim@/run/r%20x?db=1    | unix:///run/r x?database=1
          redis-sentinel://a,b:1/main/2           | redis-sentinel://a:26379,b:1/main/2
          rediss-sentinel://a/main                | rediss-sentinel://a:26379/main
          redis-cluster://u:geheim@a,[::1]:1,c:70 | redis-cluster://a:6379,[::1]:1,c:70
          rediss-cluster://a/0                    | rediss-cluster://a:6379
          """)
  void readsEachForm(String url, String read) {
    assertThat(RedisUrl.parse(url)).hasToString(read);
  }

  @Test
  void readsOptions() {
    var url =
        RedisUrl.parse(
            "rediss://u:p@h/4?connect_timeout=500ms&read_timeout=1.5&retry_for=2m&protocol=3&client_name=me&ca=/c.pem&cert=/a.crt&key=/a.key&verify=authority");
    var options = url.options();
    assertThat(options.connectTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.readTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(options.retryFor()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.protocol()).isEqualTo(3);
    assertThat(options.database()).isEqualTo(4);
    assertThat(options.clientName()).isEqualTo("me");
    assertThat(options.tls().authority()).isEqualTo(Path.of("/c.pem"));
    assertThat(options.tls().certificate()).isEqualTo(Path.of("/a.crt"));
    assertThat(options.tls().key()).isEqualTo(Path.of("/a.key"));
    assertThat(options.tls().verify()).isEqualTo(Verification.AUTHORITY);
    assertThat(url.secure()).isTrue();
  }

  @Test
  void sentinelsHaveUsersOfTheirOwn() {
    var url =
        RedisUrl.parse(
            "redis-sentinel://u:p@h/main/2?sentinel_user=s&sentinel_password=q&read_timeout=7");
    assertThat(url.options().user()).contains("u");
    assertThat(url.options().database()).isEqualTo(2);
    assertThat(url.sentinel().user()).contains("s");
    assertThat(url.sentinel().password()).contains("q");
    assertThat(url.sentinel().database()).isZero();
    assertThat(url.sentinel().readTimeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          redis://u:a:b@h               | a:b
          redis://u:a@b@h               | a@b
          redis://u:a%40b%3A%2F%25%3F@h | a@b:/%?
          redis://:%C3%BC€+%20'"@h      | ü€+ '"
          redis://u:@h                  | ``
          """)
  void readsPasswords(String url, String password) {
    assertThat(RedisUrl.parse(url).options().password()).contains(password);
    assertThat(RedisUrl.parse(url).addresses()).isEqualTo(List.of(Address.tcp("h", 6379)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://u:geheim/x@h:1/0",
        "redis://u:geheim?x@h:1",
        "redis://u:geheim#x@h:1",
        "redis://u:%geheim@h:1",
        "redis://geheim/1@h",
        "redis://u:geheim",
        "redis://:geheim",
        "redis://u:1/geheim@h:1",
        "redis://u:1?geheim@h:1",
        "redis://u:geheim@h:99999",
        "redis://u:geheim@h:x",
        "redis://u:geheim@",
        "redis://u:geheim@h/x",
        "redis-sentinel://u:geheim@h",
        "redis-sentinel://u/geheim@h:1/main",
        "redis-cluster://u:geheim@h/3",
        "redis-cluster://u:geheim@",
        "unix://u:geheim@run/x",
        "http://u:geheim@h",
        "u:geheim@h",
      })
  void neverRepeatsAPassword(String url) {
    try {
      assertThat(RedisUrl.parse(url).toString() + RedisUrl.parse(url).options())
          .doesNotContain("geheim");
    } catch (InvalidRequest e) {
      assertThat(e).hasMessageStartingWith("Cannot read the URL of Redis: ");
      assertThat(e.toString()).doesNotContain("geheim");
      assertThat(e.getCause()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          localhost:6379              | it is not of the form redis://host:port. Write redis://, rediss://, unix://, redis-sentinel:// or redis-cluster:// and an address; %23 for # in a password.
          redis://h:0                 | 'h' has no port from 1 to 65535. Write host:6379, with several separated by commas.
          redis-cluster://a,,b        | what stands for the address is no host with a port. Write host:6379, with several separated by commas.
          redis://a,b                 | redis:// has one host, and this has 2. Write redis-cluster:// or redis-sentinel://.
          redis://h/1/2               | /2 in it means nothing. Write at most one /database.
          redis://h/x                 | database is 'x', no number. Write one from 0.
          redis-sentinel://h          | it does not name the primary. Write redis-sentinel://host:port/name.
          redis-cluster://h/1         | a cluster has only database 0. Leave out /1.
          unix://run/x                | it names no socket. Write unix:///path/to.sock.
          redis://u:%zz@h             | a % in it is not followed by two hexadecimal digits. Write %25 for a % sign.
          redis://u:a/b@h             | an @ stands behind the address. Write %2F for / and %3F for ? in a password.
          redis://h?read_timeout=soon | read_timeout is 'soon', no time. Write seconds, or 500ms, 5s, 2m.
          rediss://h?verify=no        | verify is host or authority, not 'no'.
          rediss://h?cert=/a          | cert and key belong together. Give both.
          rediss://h?ca=              | ca names no file. Write its path.
          redis://h?ca=/a             | ca is for TLS, and this is none. Write rediss://.
          redis://h?sentinel_user=u   | sentinel_user is for Sentinels, and there are none. Write redis-sentinel://.
          redis://h?timeout=1         | there is no option timeout. There are connect_timeout, read_timeout, retry_for, database, protocol, client_name, ca, cert, key, verify, sentinel_user and sentinel_password.
          """)
  void saysWhatIsWrong(String url, String why) {
    assertThatExceptionOfType(InvalidRequest.class)
        .isThrownBy(() -> RedisUrl.parse(url))
        .withMessage("Cannot read the URL of Redis: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://h?protocol=4        | there is no protocol 4. Give 2 or 3.
          redis://h?retry_for=999999m | retry_for is PT16666H39M. Give 0 to 365 days.
          redis://h?read_timeout=0    | a read time-out of PT0S is none. Give one between 1 ms and 24 days.
          redis://h?client_name=a%20b | a client's name is ASCII without spaces. Give another.
          """)
  void refusesValuesThatAreNone(String url, String why) {
    assertThatThrownBy(() -> RedisUrl.parse(url))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot connect to Redis: " + why);
  }
}
