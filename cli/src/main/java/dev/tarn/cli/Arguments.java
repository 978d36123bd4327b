package dev.tarn.cli;

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

  /** The one parameter of a command, which must be there. */
  public static PositionalParamSpec parameter(String label, String... description) {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("1")
        .required(true)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /** The value of an option, if it was given. */
  public static Optional<String> value(ParseResult arguments, String option) {
    return Optional.ofNullable(arguments.<String>matchedOptionValue(option, null));
  }

  /** The values of an option, in order. */
  public static List<String> values(ParseResult arguments, String option) {
    return arguments.matchedOptionValue(option, List.of());
  }

  /** The one parameter. */
  public static String parameter(ParseResult arguments) {
    return arguments.matchedPositionalValue(0, "");
  }
}
