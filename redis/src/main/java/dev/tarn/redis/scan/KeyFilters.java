package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.expr.Expr;
import dev.tarn.spi.ScanRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What filters say of keys. Each of them is true for all rows that a query needs, so that every one
 * alone may narrow what is read; those that say nothing of keys are left out.
 */
final class KeyFilters {

  private KeyFilters() {}

  static KeySelection select(ScanSpec spec, ScanRequest request) {
    Optional<String> keyColumn = spec.keyColumn();
    KeyPattern match = spec.pattern();
    @Nullable List<byte[]> keys = literalKey(spec.pattern());
    long limit =
        request.filters().isEmpty() ? request.limit().orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
    var used = new ArrayList<Expr>();
    if (keyColumn.isPresent()) {
      for (Expr filter : request.filters()) {
        List<byte[]> equal = keys(filter, keyColumn.get());
        if (equal != null) {
          keys = keys == null ? equal : common(keys, equal);
          used.add(filter);
        }
        String prefix = prefix(filter, keyColumn.get());
        if (prefix != null) {
          KeyPattern narrower = narrower(match, spec.pattern(), prefix.getBytes(UTF_8));
          if (narrower != match) {
            match = narrower;
            used.add(filter);
          }
        }
      }
    }
    if (keys != null) {
      keys = distinct(keys).stream().filter(spec.pattern()::matches).toList();
    }
    return new KeySelection(match, spec.pattern(), keys, limit, used);
  }

  /** A pattern without wildcards is a key. */
  private static @Nullable List<byte[]> literalKey(KeyPattern pattern) {
    return pattern.isLiteral() ? List.of(pattern.prefix()) : null;
  }

  /** Keys of which one must be, if the filter is to be true; null when it says none. */
  private static @Nullable List<byte[]> keys(Expr filter, String column) {
    return switch (filter) {
      case Expr.Comparison(Expr.Test test, Expr left, Expr right)
          when test == Expr.Test.EQ || test == Expr.Test.SAME -> {
        if (isColumn(left, column) && text(right) != null) {
          yield List.of(bytes(right));
        }
        yield isColumn(right, column) && text(left) != null ? List.of(bytes(left)) : null;
      }
      case Expr.In(Expr operand, List<Expr> values)
          when isColumn(operand, column) && values.stream().allMatch(v -> text(v) != null) ->
          values.stream().map(KeyFilters::bytes).toList();
      case Expr.And(List<Expr> operands) -> {
        List<byte[]> found = null;
        for (Expr operand : operands) {
          List<byte[]> some = keys(operand, column);
          found = found == null ? some : some == null ? found : common(found, some);
        }
        yield found;
      }
      case Expr.Or(List<Expr> operands) -> {
        var all = new ArrayList<byte[]>();
        for (Expr operand : operands) {
          List<byte[]> some = keys(operand, column);
          if (some == null) {
            yield null;
          }
          all.addAll(some);
        }
        yield all;
      }
      default -> null;
    };
  }

  /** What the key begins with, if the filter is to be true; null when it says nothing. */
  private static @Nullable String prefix(Expr filter, String column) {
    return switch (filter) {
      case Expr.Call(String function, List<Expr> arguments)
          when (function.equals("prefix") || function.equals("starts_with"))
              && arguments.size() == 2
              && isColumn(arguments.get(0), column) ->
          text(arguments.get(1));
      case Expr.Like(Expr operand, Expr pattern, Expr.CaseRule rule)
          when rule == Expr.CaseRule.SENSITIVE && isColumn(operand, column) -> {
        String like = text(pattern);
        yield like == null ? null : like.split("[%_\\\\]", -1)[0];
      }
      case Expr.And(List<Expr> operands) -> {
        String longest = null;
        for (Expr operand : operands) {
          String some = prefix(operand, column);
          longest =
              some != null && (longest == null || some.length() > longest.length())
                  ? some
                  : longest;
        }
        yield longest;
      }
      default -> null;
    };
  }

  /** The pattern that lets fewer keys through: what the filter says, where that says more. */
  private static KeyPattern narrower(KeyPattern match, KeyPattern pattern, byte[] prefix) {
    byte[] known = match.prefix();
    boolean says = prefix.length > known.length;
    return says && (match.isPrefix() || pattern.isPrefix())
        ? KeyPattern.startingWith(prefix)
        : match;
  }

  private static List<byte[]> common(List<byte[]> some, List<byte[]> others) {
    Set<ByteBuffer> wanted = others.stream().map(ByteBuffer::wrap).collect(Collectors.toSet());
    return some.stream().filter(key -> wanted.contains(ByteBuffer.wrap(key))).toList();
  }

  /** A key that is named twice is one row still. */
  private static List<byte[]> distinct(List<byte[]> keys) {
    return keys.stream().map(ByteBuffer::wrap).distinct().map(ByteBuffer::array).toList();
  }

  private static boolean isColumn(Expr expr, String name) {
    return expr instanceof Expr.Column column && column.name().equalsIgnoreCase(name);
  }

  private static @Nullable String text(Expr expr) {
    return expr instanceof Expr.Literal literal && literal.value() instanceof String text
        ? text
        : null;
  }

  private static byte[] bytes(Expr literal) {
    String text = text(literal);
    return (text == null ? "" : text).getBytes(UTF_8);
  }
}
