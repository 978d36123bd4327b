package dev.tarn.cli;

import dev.tarn.cli.output.OutputFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Options and parameters, built and read without reflection, which would take a noticeable part of
 * the time of a short command.
 */
public final class Arguments {

  private Arguments() {}

  /** An option with a value. */
  public static OptionSpec option(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /** An option with a value, which may be given several times. */
  public static OptionSpec options(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .description(description)
        .build();
  }

  /** An option that is there or not. */
  public static OptionSpec flag(String name, String... description) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build();
  }

  /** The first parameter of a command, which must be there. */
  public static PositionalParamSpec parameter(String label, String... description) {
    return parameter(0, label, description);
  }

  /** A parameter at a position from 0 on, which must be there. */
  public static PositionalParamSpec parameter(int index, String label, String... description) {
    return positional(Integer.toString(index), label, description)
        .arity("1")
        .required(true)
        .type(String.class)
        .build();
  }

  /** A parameter that may be left out. */
  public static PositionalParamSpec optional(int index, String label, String... description) {
    return positional(Integer.toString(index), label, description)
        .arity("0..1")
        .required(false)
        .type(String.class)
        .build();
  }

  /** All parameters from a position on. */
  public static PositionalParamSpec rest(int index, String label, String... description) {
    return positional(index + "..*", label, description)
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .build();
  }

  private static PositionalParamSpec.Builder positional(
      String index, String label, String... description) {
    return PositionalParamSpec.builder().index(index).paramLabel(label).description(description);
  }

  /** The option that says how rows are printed. */
  public static OptionSpec format(String... more) {
    String formats = String.join(", ", OutputFormat.labels());
    return option(
        "--format",
        "FORMAT",
        "How rows are printed: %s.%s".formatted(formats, String.join("", more)));
  }

  /** How rows are to be printed: as a table unless said. */
  public static OutputFormat format(ParseResult arguments) {
    String name = value(arguments, "--format").orElse(OutputFormat.TABLE.label());
    return OutputFormat.named(name)
        .orElseThrow(() ->
            new WrongCommandLine(
                "Cannot print as %s: there is no such format. Use %s."
                    .formatted(name, String.join(", ", OutputFormat.labels()))));
  }

  /** The value of an option, if it was given. */
  public static Optional<String> value(ParseResult arguments, String option) {
    return Optional.ofNullable(arguments.<String>matchedOptionValue(option, null));
  }

  /** The values of an option, in order. */
  public static List<String> values(ParseResult arguments, String option) {
    return arguments.matchedOptionValue(option, List.of());
  }

  /** The first parameter. */
  public static String parameter(ParseResult arguments) {
    return parameter(arguments, 0).orElse("");
  }

  /** A parameter, if it was given. */
  public static Optional<String> parameter(ParseResult arguments, int index) {
    return Optional.ofNullable(arguments.<String>matchedPositionalValue(index, null));
  }

  /** All parameters from a position on. */
  public static List<String> parameters(ParseResult arguments, int from) {
    return arguments.matchedPositionalValue(from, List.of());
  }

  /** Words with commas between them. */
  public static List<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }
}
