package dev.tarn.redis.search;

import dev.tarn.expr.SortKey.Direction;
import dev.tarn.expr.SortKey.Nulls;
import dev.tarn.redis.search.AggregateCommand.Call;
import dev.tarn.redis.search.Conditions.Property;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.TopGroups;
import dev.tarn.spi.TopGroups.Ties;
import dev.tarn.type.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first groups of an order, which the server finds. It sorts by what it shows of a group, and
 * that is what a group has, or it has nothing and stands last, or ends behind what is shown: so no
 * group is missing before one that has what is shown. What of any group would make that untrue goes
 * to the front, where it is seen.
 */
final class AggregateTop {

  /** Where a group stands: in front if its numbers are not what they are taken for, else by it. */
  private static final String PLACE = "__t_o";

  private static final int WANTED = 1;
  private static final int LEFT_OUT = 2;

  /** So many groups more are asked for where all are needed that are equal to the last. */
  private static final int TIES = 1000;

  private static final String EXACT = "9007199254740992";

  private final AggregateCommand command;
  private final TopGroups wanted;
  private final @Nullable Call call;

  AggregateTop(AggregateCommand command, TopGroups wanted) {
    this.command = command;
    this.wanted = wanted;
    int place = wanted.column() - command.groups().size();
    this.call = place < 0 ? null : command.calls().get(place);
  }

  /** How many are asked for: one more tells whether there are others, and a null may be passed. */
  long most() {
    return Math.min(wanted.rows(), AggregateCommand.MOST_GROUPS)
        + (wanted.ties() == Ties.ALL ? TIES : 1);
  }

  /** Whether the server's order can be the engine's. */
  boolean isCertain() {
    if (command.groups().isEmpty() || most() > AggregateCommand.MOST_GROUPS) {
      return false;
    }
    if (call == null) {
      return command.choice().isOld() && wanted.nulls() == Nulls.LAST;
    }
    boolean descending = wanted.direction() == Direction.DESC;
    return switch (call.function()) {
      // Documents that are gone are of the group of null, and more than it has
      case COUNT_ALL -> command.checked() ? isAboutValues() : descending;
      // Such a group may also be none
      case COUNT, COUNT_DISTINCT -> descending || !command.checked() || isAboutValues();
      case SUM, MIN, MAX, AVG -> wanted.nulls() == Nulls.LAST;
    };
  }

  /**
   * Whether no document without any of its fields is meant. Such ones are taken for those that are
   * gone.
   */
  private boolean isAboutValues() {
    return Conditions.rejectNull(command.choice().used());
  }

  // ---- what is sent

  void addTo(List<String> words) {
    var keys = new ArrayList<String>();
    String place = place();
    if (!place.isEmpty()) {
      ExactNumber.apply(words, place, PLACE);
      keys.addAll(List.of("@" + PLACE, "ASC"));
    }
    if (call != null && call.function() == Function.AVG) {
      Property property = Objects.requireNonNull(call.property());
      String sum = AggregateCommand.sum(property);
      String there = AggregateCommand.there(property);
      ExactNumber.apply(words, "@%s/(@%s+(@%s<1))".formatted(sum, there, there), key());
    }
    keys.addAll(List.of("@" + key(), isDescending() ? "DESC" : "ASC"));
    words.addAll(List.of("SORTBY", Integer.toString(keys.size())));
    words.addAll(keys);
    words.addAll(List.of("MAX", Long.toString(most())));
  }

  /** Empty where all groups are of one kind. */
  private String place() {
    String sound = String.join("&&", sound());
    if (command.condition().isEmpty()) {
      return sound;
    }
    String wanted = "(%d-(@%s==\"1\"))".formatted(LEFT_OUT, AggregateCommand.CONDITION);
    return sound.isEmpty() ? wanted : "(%s)*%s".formatted(sound, wanted);
  }

  /** The largest is made of the least negative value where that is looked at. */
  private boolean isDescending() {
    boolean turned = command.checked() && call != null && call.function() == Function.MAX;
    return (wanted.direction() == Direction.DESC) != turned;
  }

  private String key() {
    Property property = call == null ? null : call.property();
    if (call == null) {
      return command.key(command.groups().get(wanted.column()));
    }
    return property == null ? AggregateCommand.ROWS : key(call.function(), property);
  }

  private static String key(Function function, Property property) {
    return switch (function) {
      case COUNT_ALL -> AggregateCommand.ROWS;
      case COUNT -> AggregateCommand.there(property);
      case COUNT_DISTINCT -> AggregateCommand.distinct(property);
      case SUM -> AggregateCommand.sum(property);
      case MIN -> AggregateCommand.min(property);
      case MAX -> AggregateCommand.max(property);
      case AVG -> AggregateCommand.mean(property);
    };
  }

  /** What must be true of every group, also of those that are not sent. */
  private List<String> sound() {
    var sound = new ArrayList<String>();
    if (command.checked()) {
      for (Property property : command.whole()) {
        sound.add(
            "(@%s==@%s)"
                .formatted(AggregateCommand.written(property), AggregateCommand.there(property)));
      }
    }
    Property property = call == null ? null : call.property();
    if (call == null || property == null || property.isText()) {
      return sound;
    }
    boolean sums = call.function() == Function.SUM || call.function() == Function.AVG;
    if (property.type().equals(DataType.DOUBLE)) { // a NaN has no place in an order
      String key = "@" + (sums ? AggregateCommand.sum(property) : key());
      sound.add("(format(\"%%s\",%s-%s)==\"0\")".formatted(key, key));
    } else if (sums) {
      for (String bound : List.of(AggregateCommand.min(property), AggregateCommand.max(property))) {
        sound.add("(abs(@%s)*@%s<%s)".formatted(bound, AggregateCommand.there(property), EXACT));
      }
    }
    return sound;
  }

  // ---- what is answered

  /** The groups that are needed, and maybe more; empty where not all of them are surely there. */
  Optional<List<List<@Nullable Object>>> rows(
      List<Map<String, byte @Nullable []>> answer, AggregateResult result) {
    var rows = new ArrayList<List<@Nullable Object>>();
    var nulls = new ArrayList<List<@Nullable Object>>(); // behind all that have a value
    Map<String, byte @Nullable []> last = null;
    for (Map<String, byte @Nullable []> row : answer) {
      long place = row.containsKey(PLACE) ? ExactNumber.count(row, PLACE) : WANTED;
      if (place < WANTED) {
        return Optional.empty();
      }
      if (place > WANTED) { // as are all behind it
        rows.addAll(nulls);
        return isAboutValues() ? Optional.of(rows) : Optional.empty();
      }
      if (last != null && rows.size() >= wanted.rows() && compare(last, row) < 0) {
        return certain(rows, last);
      }
      if (call == null && row.get(key()) == null) {
        continue;
      }
      if (last != null && compare(last, row) > 0) {
        throw new Doubtful("the groups are not in the order that was asked for");
      }
      Optional<List<@Nullable Object>> values = result.values(row);
      if (values.isEmpty() || (isOfNulls(row) && !isAboutValues())) {
        return Optional.empty();
      }
      if (values.get().get(wanted.column()) == null) {
        nulls.add(values.get());
        continue;
      }
      rows.add(values.get());
      last = row;
      if (wanted.ties() == Ties.ANY && rows.size() == wanted.rows()) {
        return certain(rows, last);
      }
    }
    return Optional.empty();
  }

  /** Whether a group would have documents without any of the fields. */
  private boolean isOfNulls(Map<String, byte @Nullable []> row) {
    return command.groups().stream().allMatch(group -> command.group(group, row) == null);
  }

  /** The server compares texts up to a NUL: what is cut off behind one may come before it. */
  private Optional<List<List<@Nullable Object>>> certain(
      List<List<@Nullable Object>> rows, Map<String, byte @Nullable []> last) {
    byte[] text = call == null ? last.get(key()) : null;
    boolean certain =
        text == null || new String(text, StandardCharsets.ISO_8859_1).indexOf('\0') < 0;
    return certain ? Optional.of(rows) : Optional.empty();
  }

  /** Below 0 where the first comes before the other, whatever it shows less than they have. */
  private int compare(Map<String, byte @Nullable []> first, Map<String, byte @Nullable []> other) {
    int order =
        call == null
            ? Arrays.compareUnsigned(first.get(key()), other.get(key()))
            : Double.compare(shown(first), shown(other));
    return isDescending() ? -order : order;
  }

  private double shown(Map<String, byte @Nullable []> row) {
    return 0 + ExactNumber.number(row, key()); // -0 is 0
  }
}
