package dev.tarn.redis.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an index finds the keys of a query.
 *
 * @param choice null for {@code SCAN}
 * @param notes what there is to know of it
 */
public record Decision(@Nullable SearchChoice choice, List<String> notes) {

  /** Nothing was asked, and there is nothing to say of it. */
  public static final Decision SILENT = new Decision(null, List.of());

  public Decision {
    notes = List.copyOf(notes);
  }

  Decision with(String note) {
    var more = new ArrayList<>(notes);
    more.add(note);
    return new Decision(choice, more);
  }

  static Decision none(String why) {
    return new Decision(null, List.of("no index used: " + why));
  }
}
