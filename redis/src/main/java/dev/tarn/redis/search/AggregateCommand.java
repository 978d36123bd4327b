package dev.tarn.redis.search;

import dev.tarn.redis.search.Conditions.Property;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.TopGroups;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code FT.AGGREGATE} for an aggregate, and for what tells whether its answer is the engine's.
 *
 * @param choice which index, and which of its documents
 * @param groups fields that make the groups
 * @param calls what is computed of each
 * @param condition what must be true of a document besides; empty for nothing
 * @param conditional fields that the condition needs
 * @param checked whether each document is looked at: whether it has the fields, and whether a whole
 *     number is written as one. That takes half as long again, and is left out where the results
 *     tell that it makes no difference
 * @param first which groups are wanted, sorted by the server; null for all
 */
record AggregateCommand(
    SearchChoice choice,
    List<Property> groups,
    List<Call> calls,
    String condition,
    Set<Property> conditional,
    boolean checked,
    @Nullable TopGroups first) {

  /** More groups than these are better read as rows. */
  static final int MOST_GROUPS = 100_000;

  static final String ROWS = "__t_n";
  static final String CONDITION = "__t_c";

  /** What is computed; of no field for the count of documents. */
  record Call(Function function, @Nullable Property property) {}

  /** How it finds the first groups; null where all are wanted. */
  @Nullable AggregateTop top() {
    return first == null ? null : new AggregateTop(this, first);
  }

  AggregateCommand ofAllGroups() {
    return new AggregateCommand(choice, groups, calls, condition, conditional, checked, null);
  }

  /** Of all groups, where each document is looked at. */
  AggregateCommand closer() {
    return new AggregateCommand(choice, groups, calls, condition, conditional, true, null);
  }

  /** Fields of which something is computed, each once. */
  List<Property> values() {
    return calls.stream().flatMap(call -> Stream.ofNullable(call.property())).distinct().toList();
  }

  /** Fields with whole numbers, which must be written as such. */
  List<Property> whole() {
    var all = new LinkedHashSet<>(values());
    all.addAll(conditional);
    return all.stream().filter(AggregateCommand::isWhole).toList();
  }

  /** Fields of which must be known how many documents have them. */
  Set<Property> examined() {
    var all = new LinkedHashSet<>(values());
    all.addAll(whole());
    return all;
  }

  static boolean isWhole(Property property) {
    return !property.isText() && !property.type().equals(DataType.DOUBLE);
  }

  boolean computes(Function function, Property property) {
    return calls.contains(new Call(function, property));
  }

  boolean needsSum(Property property) {
    return computes(Function.SUM, property) || computes(Function.AVG, property);
  }

  /** Sums of whole numbers are exact if their bounds say so. */
  boolean needsMin(Property property) {
    return computes(Function.MIN, property) || (isWhole(property) && needsSum(property));
  }

  boolean needsMax(Property property) {
    return computes(Function.MAX, property) || (isWhole(property) && needsSum(property));
  }

  // Names end in that of a field, so that none can be made of another field

  static String sum(Property property) {
    return "__t_s_" + property.name();
  }

  static String min(Property property) {
    return "__t_l_" + property.name();
  }

  static String max(Property property) {
    return "__t_h_" + property.name();
  }

  /** The least of the negative values, of which the largest is made. */
  private static String least(Property property) {
    return "__t_n_" + property.name();
  }

  /** Whether a document has the field. */
  private static String isThere(Property property) {
    return "__t_i_" + property.name();
  }

  /** Whether a document has a whole number there, written as one. */
  private static String isOne(Property property) {
    return "__t_w_" + property.name();
  }

  /** How many documents of a group have the field. */
  static String there(Property property) {
    return "__t_p_" + property.name();
  }

  /** How many of them a scan reads. */
  static String written(Property property) {
    return "__t_k_" + property.name();
  }

  static String distinct(Property property) {
    return "__t_d_" + property.name();
  }

  static String mean(Property property) {
    return "__t_a_" + property.name();
  }

  /** What is sent, without the name of the command. */
  List<String> words() {
    var words = new ArrayList<>(List.of(choice.index().name(), choice.query()));
    Set<Property> loaded = loaded();
    if (!loaded.isEmpty()) {
      words.addAll(List.of("LOAD", Integer.toString(loaded.size())));
      loaded.forEach(property -> words.add(property.at()));
    }
    if (checked) {
      addChecks(words, loaded);
    }
    addGroups(words);
    addReducers(words);
    values().forEach(property -> addParts(words, property));
    AggregateTop top = top();
    if (top != null) {
      top.addTo(words);
    }
    long most = top == null ? MOST_GROUPS + 1 : top.most();
    words.addAll(List.of("LIMIT", "0", Long.toString(most)));
    if (!choice.isOld()) {
      words.addAll(List.of("TIMEOUT", Long.toString(SearchCommands.TIMEOUT_MILLIS)));
    }
    return words;
  }

  String shown() {
    return SearchCommands.shown(SearchCommands.FT_AGGREGATE, words());
  }

  Set<Property> loaded() {
    var loaded = new LinkedHashSet<>(groups);
    loaded.addAll(values());
    loaded.addAll(conditional);
    return loaded;
  }

  private void addChecks(List<String> words, Set<Property> loaded) {
    // Where a document has gone all that is computed of others is mixed up: it must go first. Then
    // it is missing in the count.
    words.addAll(
        List.of(
            "FILTER", loaded.stream().map(Property::isThere).collect(Collectors.joining("||"))));
    for (Property property : examined()) {
      ExactNumber.apply(words, property.isThere(), isThere(property));
      if (needsMax(property)) { // MAX of what is not positive is wrong
        ExactNumber.apply(words, "0-" + property.at(), least(property));
      }
    }
    for (Property property : whole()) {
      ExactNumber.apply(words, isWritten(property), isOne(property));
    }
  }

  /** Whether a scan reads a whole number there. */
  private static String isWritten(Property property) {
    String number = "(%s+0)".formatted(property.at());
    String plain = "(format(\"%%s\",%s)==%s)".formatted(number, property.at());
    return property.type().equals(DataType.INTEGER)
        ? "%s&&(%s>=%d)&&(%s<=%d)"
            .formatted(plain, number, Integer.MIN_VALUE, number, Integer.MAX_VALUE)
        : plain;
  }

  /**
   * Groups are told apart by a hash of their values one behind the other, of which a null forgets
   * what was before it: {@code ab, c} is {@code a, bc}, and {@code a, null} is {@code b, null}. So
   * no value is null, and something stands between them that none has.
   */
  private void addGroups(List<String> words) {
    var keys = new ArrayList<String>();
    for (Property group : groups) {
      keys.add(key(group));
      if (isEncoded()) {
        String value = "format(\"%%s%%s\",%s,%s)".formatted(group.isThere(), group.at());
        ExactNumber.apply(words, value, key(group));
      }
    }
    if (!condition.isEmpty()) {
      ExactNumber.apply(words, "format(\"%s\"," + condition + ")", CONDITION);
      keys.add(CONDITION);
    }
    if (keys.size() > 1) {
      ExactNumber.apply(words, "\"" + UUID.randomUUID() + "\"", "__t_z");
      for (int i = keys.size() - 1; i > 0; i--) {
        keys.add(i, "__t_z");
      }
    }
    if (keys.isEmpty()) { // a field that no document has
      keys.add("__t_all");
    }
    words.addAll(List.of("GROUPBY", Integer.toString(keys.size())));
    keys.forEach(key -> words.add("@" + key));
  }

  /** Whether a group's value has a 1 before it, or is a 0 and anything where it is null. */
  private boolean isEncoded() {
    return groups.size() + (condition.isEmpty() ? 0 : 1) > 1;
  }

  String key(Property group) {
    return isEncoded() ? "__t_g_" + group.name() : group.name();
  }

  /** The value of a group; null where it is null. */
  byte @Nullable [] group(Property group, Map<String, byte @Nullable []> row) {
    byte[] value = row.get(key(group));
    if (!isEncoded()) {
      return value;
    }
    if (value == null || value.length == 0 || (value[0] != '0' && value[0] != '1')) {
      throw new Doubtful("the answer is none that is known");
    }
    return value[0] == '0' ? null : Arrays.copyOfRange(value, 1, value.length);
  }

  private void addReducers(List<String> words) {
    words.addAll(List.of("REDUCE", "COUNT", "0", "AS", ROWS));
    for (Property property : values()) {
      if (needsSum(property)) {
        reduce(words, "SUM", property.name(), sum(property));
      }
      if (needsMin(property)) {
        reduce(words, "MIN", property.name(), min(property));
      }
      if (needsMax(property)) {
        reduce(
            words,
            checked ? "MIN" : "MAX",
            checked ? least(property) : property.name(),
            max(property));
      }
      if (computes(Function.COUNT_DISTINCT, property)) {
        reduce(words, "COUNT_DISTINCT", property.name(), distinct(property));
      }
    }
    if (checked) {
      for (Property property : examined()) {
        reduce(words, "SUM", isThere(property), there(property));
      }
      for (Property property : whole()) {
        reduce(words, "SUM", isOne(property), written(property));
      }
    }
  }

  private static void reduce(List<String> words, String reducer, String property, String as) {
    words.addAll(List.of("REDUCE", reducer, "1", "@" + property, "AS", as));
  }

  private void addParts(List<String> words, Property property) {
    if (needsSum(property)) {
      ExactNumber.addParts(words, sum(property));
    }
    if (needsMin(property)) {
      ExactNumber.addParts(words, min(property));
    }
    if (needsMax(property)) {
      ExactNumber.addParts(words, max(property));
    }
  }
}
