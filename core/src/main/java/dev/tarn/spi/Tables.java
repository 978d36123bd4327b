package dev.tarn.spi;

import dev.tarn.error.InvalidRequest;
import dev.tarn.plan.Plan;
import java.util.Optional;

/** Plans by the names that SQL text may use for them. */
@FunctionalInterface
public interface Tables {

  /**
   * The table of a name.
   *
   * @param name as in the text, without quotes; {@code namespace.table} when it was qualified
   * @return empty when there is none, and the engine is to look for it
   */
  Optional<Plan> table(String name);

  /**
   * The table as it was in a version: {@code FROM name AT (VERSION => …)}.
   *
   * @throws InvalidRequest when the table has no versions, or not this one
   */
  default Optional<Plan> table(String name, Version version) {
    throw new InvalidRequest(
        "Cannot read %s at a version: it has no versions. Leave out AT.".formatted(name));
  }

  /**
   * The table that a function in FROM stands for.
   *
   * @return empty when the function is none of ours, and the engine is to look for it
   * @throws InvalidRequest when the arguments are wrong
   */
  default Optional<Plan> function(TableArguments call) {
    return Optional.empty();
  }

  /** Whether {@link #function} knows a function, by its name in lower case. */
  default boolean isFunction(String name) {
    return false;
  }
}
