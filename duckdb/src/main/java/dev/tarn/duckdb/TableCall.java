package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.TableArguments;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table function that an SQL text calls in FROM. Places count bytes.
 *
 * @param function its name, in lower case
 * @param hasAlias whether the text gives the table a name of its own
 * @param start where the name begins
 * @param end behind the closing parenthesis
 * @param arguments DuckDB's trees of the arguments
 */
record TableCall(String function, boolean hasAlias, int start, int end, List<?> arguments) {

  /** Of an interval, in the function that DuckDB makes of it. */
  private static final Pattern UNIT =
      Pattern.compile(
          "to_((micro|milli)?seconds|minutes|hours|days|weeks|months|quarters|years|decades|centuries|millennia)");

  TableCall {
    arguments = List.copyOf(arguments);
  }

  /** The calls in a text, each once, in no order. */
  static List<TableCall> in(Map<?, ?> tree, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var found = new LinkedHashMap<Integer, TableCall>();
    Json.walk(
        tree,
        node -> {
          if ("TABLE_FUNCTION".equals(node.get("type"))
              && node.get("query_location") instanceof Number location
              && node.get("query_location_length") instanceof Number length) {
            found.computeIfAbsent(
                location.intValue(), start -> read(node, bytes, start, length.intValue()));
          }
        });
    return List.copyOf(found.values());
  }

  private static TableCall read(Map<?, ?> node, byte[] bytes, int start, int length) {
    Map<?, ?> function = Json.object(node.get("function"));
    String name = String.valueOf(function.get("function_name")).toLowerCase(Locale.ROOT);
    return new TableCall(
        name,
        !"".equals(node.get("alias")),
        start,
        TableReference.endOfCall(bytes, start, start + length, name),
        Json.array(function.get("arguments")));
  }

  /**
   * The values of the arguments.
   *
   * @param parameter what a parameter stands for, by its name
   */
  TableArguments values(Function<String, @Nullable Object> parameter) {
    var positional = new ArrayList<@Nullable Object>();
    var named = new LinkedHashMap<String, @Nullable Object>();
    for (Object argument : arguments) {
      Map<?, ?> map = Json.object(argument);
      Object value = value(Json.object(map.get("expression")), parameter);
      if (map.get("name") instanceof String name && !name.isEmpty()) {
        named.put(name.toLowerCase(Locale.ROOT), value);
      } else {
        positional.add(value);
      }
    }
    return new TableArguments(function, positional, named);
  }

  private @Nullable Object value(Map<?, ?> expr, Function<String, @Nullable Object> parameter) {
    return switch (String.valueOf(expr.get("class"))) {
      case "CONSTANT" -> literal(expr);
      case "PARAMETER" -> parameter.apply(String.valueOf(expr.get("identifier")));
      case "FUNCTION" -> nested(expr, parameter);
      case "CAST" -> interval(expr);
      default -> throw noValue();
    };
  }

  private @Nullable Object constant(Map<?, ?> literal) {
    String text = String.valueOf(literal.get("text"));
    return switch (String.valueOf(literal.get("kind"))) {
      case "STRING" -> text;
      case "INTEGER" -> {
        var number = new BigDecimal(text);
        yield number.precision() > 18 ? number : (Object) number.longValueExact();
      }
      case "NUMERIC" -> new BigDecimal(text);
      case "BOOLEAN" -> Boolean.valueOf(text);
      case "NULL_LITERAL" -> null;
      default -> throw noValue();
    };
  }

  /** {@code INTERVAL '1 minute'}, as its text. */
  private Object interval(Map<?, ?> cast) {
    Map<?, ?> child = Json.object(cast.get("child"));
    boolean isOne = "INTERVAL".equals(Json.object(cast.get("type_expr")).get("type_name"));
    Object value = isOne && "CONSTANT".equals(child.get("class")) ? literal(child) : null;
    if (value instanceof String text) {
      return text;
    }
    throw noValue();
  }

  private @Nullable Object literal(Map<?, ?> expr) {
    return constant(Json.object(expr.get("literal")));
  }

  private Object nested(Map<?, ?> call, Function<String, @Nullable Object> parameter) {
    List<?> parts = Json.array(call.get("arguments"));
    return switch (String.valueOf(call.get("function_name"))) {
      case "list_value" -> {
        var list = new ArrayList<@Nullable Object>();
        parts.forEach(
            p -> list.add(value(Json.object(Json.object(p).get("expression")), parameter)));
        yield list;
      }
      case "struct_pack" -> {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (Object part : parts) {
          Map<?, ?> member = Json.object(part);
          members.put(
              String.valueOf(member.get("name")),
              value(Json.object(member.get("expression")), parameter));
        }
        yield members;
      }
      default -> counted(call);
    };
  }

  /** {@code INTERVAL 1 MINUTE}, a function of the number, as the text of the other form. */
  private String counted(Map<?, ?> call) {
    Matcher unit = UNIT.matcher(String.valueOf(call.get("function_name")));
    String count = unit.matches() ? String.valueOf(literal(truncated(operand(call)))) : "";
    if (!count.matches("-?\\d+")) {
      throw noValue();
    }
    return count + " " + unit.group(1);
  }

  /** What DuckDB casts and truncates, as it does with the number of an interval. */
  private Map<?, ?> truncated(Map<?, ?> expr) {
    return switch (String.valueOf(expr.get("class"))) {
      case "CONSTANT" -> expr;
      case "CAST" -> truncated(Json.object(expr.get("child")));
      case "FUNCTION" -> {
        if (!"trunc".equals(expr.get("function_name"))) {
          throw noValue();
        }
        yield truncated(operand(expr));
      }
      default -> throw noValue();
    };
  }

  private Map<?, ?> operand(Map<?, ?> call) {
    List<?> parts = Json.array(call.get("arguments"));
    if (parts.size() != 1) {
      throw noValue();
    }
    return Json.object(Json.object(parts.getFirst()).get("expression"));
  }

  private InvalidRequest noValue() {
    return new InvalidRequest(
        "Cannot call %s: its arguments must be values: text, numbers, true or false, INTERVAL '…', [lists], {structs: of them} or parameters. Compute others before."
            .formatted(function));
  }
}
