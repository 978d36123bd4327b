package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.Seeds;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

  @Test
  void knowsWhatItHasSeenAsASetDoes() {
    Seeds.each(
        Seeds.rounds(5, 200),
        random -> {
          Fingerprints seen = random.nextBoolean() ? new Fingerprints() : Fingerprints.small();
          var model = new HashSet<String>();
          int different = 1 + random.nextInt(60_000);
          for (int i = 0; i < 100_000; i++) {
            String key = "key:" + random.nextInt(different);
            assertThat(seen.add(key.getBytes(UTF_8))).isEqualTo(model.add(key));
          }
          assertThat(seen.size()).isEqualTo(model.size());
        });
  }

  @Test
  void takesAboutTwentyBytesForEachOfManyKeys() {
    var seen = new Fingerprints();
    for (int i = 0; i < 2_000_000; i++) {
      seen.add(("user:" + i).getBytes(UTF_8));
    }
    assertThat(seen.bytes()).isLessThan(2_000_000 * 24L);
  }
}
