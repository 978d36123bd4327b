package dev.tarn.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values for {@code ?} in SQL text, in order, or for {@code $name}, by name. Either, not both. */
public record Parameters(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

  public static final Parameters NONE = new Parameters(List.of(), Map.of());

  public Parameters {
    positional = Collections.unmodifiableList(new ArrayList<>(positional));
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  public static Parameters of(@Nullable Object... values) {
    return new Parameters(Arrays.asList(values), Map.of());
  }

  public static Parameters of(Map<String, ?> values) {
    return new Parameters(List.of(), new LinkedHashMap<>(values));
  }
}
