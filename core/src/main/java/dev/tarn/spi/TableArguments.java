package dev.tarn.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SQL text calls a table function with. Values are {@link String}, {@link Long}, {@link
 * java.math.BigDecimal}, {@link Boolean}, null, lists and maps of such, the text of {@code INTERVAL
 * '…'}, and what was given for parameters.
 *
 * @param function its name, in lower case
 * @param positional in order
 * @param named by their names in lower case: {@code name := value}
 */
public record TableArguments(
    String function, List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

  public TableArguments(
      String function, List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
    this.function = function;
    this.positional = Collections.unmodifiableList(new ArrayList<>(positional));
    this.named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }
}
