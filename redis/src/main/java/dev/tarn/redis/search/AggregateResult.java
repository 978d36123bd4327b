package dev.tarn.redis.search;

import dev.tarn.redis.search.AggregateCommand.Call;
import dev.tarn.redis.search.Conditions.Property;
import dev.tarn.redis.wire.Replies;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the rows of an answer say, where that is surely what the engine would. */
final class AggregateResult {

  /** MAX of what is not positive is the smallest positive double, and of nothing 0. */
  private static final double NO_MAX = 1e-307;

  /** MIN of nothing is 0, or the largest double. */
  private static final double NO_MIN = 1e307;

  /** Up to where all whole numbers are doubles. */
  private static final double EXACT = 0x1p53;

  private final AggregateCommand command;
  private long documents;
  private boolean unclear;

  AggregateResult(AggregateCommand command) {
    this.command = command;
  }

  /** How many documents the rows were made of, those that the condition leaves out too. */
  long documents() {
    return documents;
  }

  /** Whether only a closer look tells some value that was asked for. */
  boolean isUnclear() {
    return unclear;
  }

  /**
   * Values of the groups and of what is computed of them; empty where only a closer look tells.
   *
   * @throws Doubtful when that would not help either
   */
  Optional<List<List<@Nullable Object>>> rows(List<Map<String, byte @Nullable []>> answer) {
    if (answer.size() > AggregateCommand.MOST_GROUPS) {
      throw new Doubtful("there are more than %,d groups".formatted(AggregateCommand.MOST_GROUPS));
    }
    documents = 0;
    var rows = new ArrayList<List<@Nullable Object>>();
    for (Map<String, byte @Nullable []> row : answer) {
      long count = ExactNumber.count(row, AggregateCommand.ROWS);
      documents += count;
      if (count > 0 && command.checked()) {
        requireReadable(row);
      }
      if (count > 0 && isTrue(row)) {
        Optional<List<@Nullable Object>> values = values(row);
        if (values.isEmpty()) {
          return Optional.empty();
        }
        rows.add(values.get());
      }
    }
    if (rows.isEmpty() && command.groups().isEmpty()) {
      rows.add(ofNothing());
    }
    return Optional.of(rows);
  }

  /** Those of one group; empty where only a closer look tells. */
  Optional<List<@Nullable Object>> values(Map<String, byte @Nullable []> row) {
    boolean known = isKnown(row);
    var values = new ArrayList<@Nullable Object>();
    command.groups().forEach(group -> values.add(text(command.group(group, row))));
    for (Call call : command.calls()) {
      Optional<Optional<Object>> value = value(call, row);
      known &= value.isPresent();
      values.add(value.flatMap(it -> it).orElse(null));
    }
    unclear |= !known;
    return known ? Optional.of(values) : Optional.empty();
  }

  private List<@Nullable Object> ofNothing() {
    var values = new ArrayList<@Nullable Object>();
    for (Call call : command.calls()) {
      values.add(
          switch (call.function()) {
            case COUNT_ALL, COUNT, COUNT_DISTINCT -> 0L;
            case SUM, MIN, MAX, AVG -> null;
          });
    }
    return values;
  }

  private boolean isTrue(Map<String, byte @Nullable []> row) {
    byte[] truth = row.get(AggregateCommand.CONDITION);
    return command.condition().isEmpty() || (truth != null && Replies.text(truth).equals("1"));
  }

  /** A document that has gone is there without fields, like one that has none of them. */
  private boolean isKnown(Map<String, byte @Nullable []> row) {
    if (!command.checked()) {
      return command.groups().stream().anyMatch(group -> command.group(group, row) != null);
    }
    return true;
  }

  /**
   * What a scan does not read fails there, or is null, or without a row. So it may be what the
   * condition asks for.
   */
  private void requireReadable(Map<String, byte @Nullable []> row) {
    for (Property property : command.whole()) {
      long written = ExactNumber.count(row, AggregateCommand.written(property));
      if (written != there(property, row)) {
        throw new Doubtful("a whole number in " + property.name() + " is not written as one");
      }
    }
  }

  private static long there(Property property, Map<String, byte @Nullable []> row) {
    return ExactNumber.count(row, AggregateCommand.there(property));
  }

  private static byte @Nullable [] text(byte @Nullable [] bytes) {
    if (bytes != null) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      } catch (CharacterCodingException e) {
        throw new Doubtful("a group is no text");
      }
    }
    return bytes;
  }

  // ---- what is computed

  /** The value, which may be null; nothing where it is not known. */
  private Optional<Optional<Object>> value(Call call, Map<String, byte @Nullable []> row) {
    Property property = call.property();
    if (property == null) {
      return known(ExactNumber.count(row, AggregateCommand.ROWS));
    }
    if (call.function() == Function.COUNT_DISTINCT) {
      return known(ExactNumber.count(row, AggregateCommand.distinct(property)));
    }
    if (!command.checked()) {
      return quickly(call.function(), property, row);
    }
    long there = there(property, row);
    if (call.function() == Function.COUNT) {
      return known(there);
    }
    return there == 0 ? Optional.of(Optional.empty()) : known(number(call, property, row, there));
  }

  private static Optional<Optional<Object>> known(Object value) {
    return Optional.of(Optional.of(value));
  }

  private Object number(
      Call call, Property property, Map<String, byte @Nullable []> row, long there) {
    boolean whole = AggregateCommand.isWhole(property);
    return switch (call.function()) {
      case MIN -> typed(property, ExactNumber.read(row, AggregateCommand.min(property)));
      case MAX -> typed(property, 0 - ExactNumber.read(row, AggregateCommand.max(property)));
      case SUM -> {
        double sum = sum(property, row, there);
        yield whole ? (Object) new BigDecimal(sum).toBigIntegerExact() : (Object) sum;
      }
      case AVG -> sum(property, row, there) / there;
      case COUNT_ALL, COUNT, COUNT_DISTINCT -> throw new IllegalStateException();
    };
  }

  private double sum(Property property, Map<String, byte @Nullable []> row, long there) {
    double sum = ExactNumber.read(row, AggregateCommand.sum(property));
    if (AggregateCommand.isWhole(property)) {
      double min = ExactNumber.read(row, AggregateCommand.min(property));
      double max = ExactNumber.read(row, AggregateCommand.max(property));
      if (Math.max(Math.abs(min), Math.abs(max)) * there >= EXACT) {
        throw new Doubtful("a sum of whole numbers may be too large to be exact");
      }
    }
    return sum;
  }

  private static Object typed(Property property, double value) {
    if (property.type().equals(DataType.DOUBLE)) {
      return value;
    }
    return property.type().equals(DataType.BIGINT)
        ? (Object) (long) value
        : (Object) Math.toIntExact((long) value);
  }

  /** What is 0, or what is there for nothing, may be null. */
  private static Optional<Optional<Object>> quickly(
      Function function, Property property, Map<String, byte @Nullable []> row) {
    String name =
        switch (function) {
          case SUM -> AggregateCommand.sum(property);
          case MIN -> AggregateCommand.min(property);
          case MAX -> AggregateCommand.max(property);
          case COUNT_ALL, COUNT, COUNT_DISTINCT, AVG -> throw new IllegalStateException();
        };
    double about = ExactNumber.number(row, name);
    boolean known =
        switch (function) {
          case MAX -> about > NO_MAX;
          case MIN -> about != 0 && about < NO_MIN;
          default -> about != 0;
        };
    return known ? known(ExactNumber.read(row, name)) : Optional.empty();
  }
}
