package dev.tarn.cli;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Queries as a command line gives them, with values for their parameters. */
public final class Queries {

  private static final Pattern NAMED = Pattern.compile("([A-Za-z_]\\w*)=(.*)", Pattern.DOTALL);

  private Queries() {}

  /** The option that gives a value to a parameter. */
  public static OptionSpec parameters() {
    return Arguments.options(
        "--param", "VALUE", "A value for the next ?, or NAME=VALUE for $NAME. Repeat it.");
  }

  /** The query itself; a dash stands for standard input. */
  public static String text(String argument, Context context) throws IOException {
    return argument.equals("-")
        ? new String(context.in().readAllBytes(), StandardCharsets.UTF_8)
        : argument;
  }

  /** A query with the values that the command line gives. */
  public static Frame frame(Tarn tarn, String query, ParseResult arguments) {
    List<String> values = Arguments.values(arguments, "--param");
    Map<String, String> named = named(query, values);
    return named.size() == values.size() && !values.isEmpty()
        ? tarn.sql(query, named)
        : tarn.sql(query, values.toArray());
  }

  /** {@code a=b} is a value for {@code $a} only where the query has one. */
  private static Map<String, String> named(String query, List<String> values) {
    var named = new LinkedHashMap<String, String>();
    for (String value : values) {
      Matcher matcher = NAMED.matcher(value);
      if (matcher.matches()
          && Pattern.compile("\\$" + matcher.group(1) + "\\b").matcher(query).find()) {
        named.put(matcher.group(1), matcher.group(2));
      }
    }
    return named;
  }
}
