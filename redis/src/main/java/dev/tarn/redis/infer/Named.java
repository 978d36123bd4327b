package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.scan.Fingerprints;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known by name, in the order in which names turn up; of many names only their number. */
final class Named<T> {

  private final int most;
  private final Function<String, T> maker;
  private final Map<String, T> kept = new LinkedHashMap<>();
  private @Nullable Fingerprints others;

  /**
   * @param most names that are kept
   */
  Named(int most, Function<String, T> maker) {
    this.most = most;
    this.maker = maker;
  }

  /** What has a name; null when it is one too many, and counted. */
  @Nullable T of(String name) {
    T known = kept.get(name);
    if (known == null && kept.size() < most) {
      known = maker.apply(name);
      kept.put(name, known);
    } else if (known == null) {
      others = others == null ? new Fingerprints() : others;
      others.add(name.getBytes(UTF_8));
    }
    return known;
  }

  Map<String, T> kept() {
    return Collections.unmodifiableMap(kept);
  }

  /** Different names that are not kept. */
  long others() {
    return others == null ? 0 : others.size();
  }

  /** Different names in all. */
  long size() {
    return kept.size() + others();
  }
}
