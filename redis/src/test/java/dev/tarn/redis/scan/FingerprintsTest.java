package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

  @Test
  void knowsWhatItHasSeenAsASetDoes() {
    Seeds.each(
        Seeds.rounds(5, 200),
        random -> {
          var seen = new Fingerprints();
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
  void tellsFingerprintsApartByEachBitThatIsKeptOrTellsThePart() {
    Seeds.each(
        Seeds.rounds(5, 200),
        random -> {
          var seen = new Fingerprints();
          int unused = 26;
          var model = new HashSet<List<Long>>();
          var near = new ArrayList<long[]>();
          for (int i = 0; i < 200; i++) {
            near.add(new long[] {random.nextLong(), random.nextLong() | 1L << 33});
          }
          for (int i = 0; i < 100_000; i++) {
            long[] one = near.get(random.nextInt(near.size()));
            int bit = random.nextInt(128 - unused);
            long first = bit < 64 ? one[0] : one[0] ^ 1L << (bit - 64 + unused);
            long second = bit < 64 ? one[1] ^ 1L << bit : one[1];
            assertThat(seen.add(first, second)).isEqualTo(model.add(List.of(first, second)));
          }
          assertThat(seen.size()).isEqualTo(model.size());
        });
  }

  @Test
  void takesAtMostSixteenBytesForEachOfManyKeysAndKnowsThemAll() {
    int most = Seeds.rounds(3_000_000, 30_000_000);
    var seen = new Fingerprints();
    int next = 10_000;
    for (int size = 1; size <= most; size++) {
      assertThat(seen.add(key(size))).isTrue();
      if (size == next) { // so often that it meets the parts just after they have grown
        assertThat(seen.bytes()).isLessThanOrEqualTo((long) Fingerprints.BYTES * size);
        next += next / 300;
      }
    }
    for (int i = 1; i <= most; i++) {
      assertThat(seen.add(key(i))).isFalse();
    }
    assertThat(seen.size()).isEqualTo(most);
  }

  private static byte[] key(int number) {
    return ("user:" + number).getBytes(UTF_8);
  }
}
