package dev.tarn.cli.redis;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.redis.InferredSchema;
import dev.tarn.redis.Redis;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis infer}: what columns keys have. */
final class InferCommand implements Command {

  /** A column, as it is printed for programs. */
  private record Inferred(
      String column,
      String type,
      long sampled,
      boolean whole,
      long present,
      long missing,
      String seen,
      long distinct,
      double confidence,
      List<String> examples,
      List<String> notes) {

    static List<Inferred> all(InferredSchema schema) {
      return schema.columns().stream().map(column -> of(schema, column)).toList();
    }

    private static Inferred of(InferredSchema schema, InferredSchema.Column column) {
      String seen =
          column.seen().entrySet().stream()
              .map(e -> e.getValue() + " " + e.getKey())
              .collect(Collectors.joining(", "));
      return new Inferred(
          column.name(),
          column.type().toString(),
          schema.sampled(),
          schema.whole(),
          column.present(),
          column.missing(),
          seen,
          column.distinct(),
          column.confidence(),
          column.examples(),
          column.notes());
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Look at some keys, and say what columns they have, and why of these types.");
    spec.addPositional(Arguments.parameter("PATTERN", "Which keys: user:*."));
    spec.addOption(
        Arguments.option(
            "--type", "TYPE", "hashes, strings or json; that of most keys unless said."));
    ScanWords.addSampleTo(spec);
    spec.addOption(Arguments.flag("--as-schema", "Print it as tarn redis scan --schema takes it."));
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    Optional<KeyType> type = ScanWords.type(arguments);
    return context.withoutLake(tarn -> {
      InferredSchema schema = infer(context.redis(tarn), type, arguments);
      var answer = new Answer(tarn, context, format);
      if (arguments.hasMatchedOption("--as-schema") && answer.isForPeople()) {
        context.print(
            schema.columns().stream()
                .map(column -> column.name() + ":" + column.type())
                .collect(Collectors.joining(",")));
      } else if (answer.isForPeople()) {
        context.print(schema.toString());
      } else {
        answer.rows(Inferred.class, Inferred.all(schema));
      }
      return ExitCode.DONE;
    });
  }

  private static InferredSchema infer(Redis redis, Optional<KeyType> type, ParseResult arguments) {
    String pattern = Arguments.parameter(arguments);
    ScanOptions options = ScanWords.sampled(ScanOptions.DEFAULT, arguments);
    return type.isPresent()
        ? redis.inferSchema(type.get(), pattern, o -> options)
        : redis.inferSchema(pattern, o -> options);
  }
}
