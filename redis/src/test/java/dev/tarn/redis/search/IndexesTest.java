package dev.tarn.redis.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.IndexField;
import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.RedisUrl;
import dev.tarn.redis.wire.Servers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of indexes; nobody is asked. */
class IndexesTest {

  private final Indexes indexes =
      new Indexes(Servers.open(RedisUrl.parse("redis://127.0.0.1:1")), 0);

  private static RedisIndex index(String prefix, IndexField field, long documents) {
    return new RedisIndex(
        "i",
        Optional.of(KeyType.HASH),
        List.of(prefix),
        false,
        List.of(field),
        documents,
        false,
        0);
  }

  @Test
  void anIndexThatIsNotTheOneThatHadTheKeysIsLookedAtAgain() {
    IndexField age = IndexField.numeric("age");
    indexes.covered(index("user:", age, 1000), "user:*");
    assertThat(indexes.isCovered(index("user:", age, 990), "user:*")).isTrue();
    assertThat(indexes.isCovered(index("user:", age, 990), "user:1*")).isFalse();
    assertThat(indexes.isCovered(index("", age, 1000), "user:*")).isFalse();
    assertThat(indexes.isCovered(index("user:", age.at("years"), 1000), "user:*")).isFalse();
    assertThat(indexes.isCovered(index("user:", age, 20), "user:*")).isFalse();
    indexes.forget();
    assertThat(indexes.isCovered(index("user:", age, 1000), "user:*")).isFalse();
  }
}
