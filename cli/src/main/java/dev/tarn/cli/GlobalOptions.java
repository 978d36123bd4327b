package dev.tarn.cli;

import dev.tarn.duckdb.DuckDbOptions;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options that every command has, before its name or after it.
 *
 * @param engine how the engine is set up
 * @param quiet whether progress is never drawn
 * @param stackTraces whether errors come with their stack trace
 * @param lake where the datasets are
 * @param redis which Redis
 */
record GlobalOptions(
    DuckDbOptions engine,
    boolean quiet,
    boolean stackTraces,
    LakeAddress lake,
    RedisAddress redis) {

  static final GlobalOptions DEFAULT =
      new GlobalOptions(
          DuckDbOptions.DEFAULT, false, false, LakeAddress.UNSAID, RedisAddress.UNSAID);

  static void addTo(CommandSpec spec) {
    LakeAddress.addTo(spec);
    RedisAddress.addTo(spec);
    spec.addOption(
        Arguments.option(
            "--memory", "SIZE", "What the engine may hold in memory: 500MB, 4GB, 4GiB."));
    spec.addOption(Arguments.option("--threads", "N", "Worker threads; one a core unless said."));
    spec.addOption(
        Arguments.option("--timeout", "TIME", "The longest a query may take: 500ms, 30s, 5m."));
    spec.addOption(
        Arguments.option("--spill", "DIR", "Where what does not fit in memory goes meanwhile."));
    spec.addOption(Arguments.flag("--no-progress", "Never draw progress."));
    spec.addOption(Arguments.flag("--stacktrace", "Print the stack trace of an error."));
  }

  GlobalOptions with(ParseResult arguments) {
    DuckDbOptions options = engine;
    for (String name : new String[] {"--memory", "--threads", "--timeout", "--spill"}) {
      String value = Arguments.value(arguments, name).orElse("");
      if (!value.isEmpty()) {
        options = with(options, name, value);
      }
    }
    return new GlobalOptions(
        options,
        quiet || arguments.hasMatchedOption("--no-progress"),
        stackTraces || arguments.hasMatchedOption("--stacktrace"),
        lake.with(arguments),
        redis.with(arguments));
  }

  GlobalOptions withoutRedis() {
    return new GlobalOptions(engine, quiet, stackTraces, lake, RedisAddress.NONE);
  }

  private static DuckDbOptions with(DuckDbOptions options, String name, String value) {
    return switch (name) {
      case "--memory" -> options.memoryBytes(Quantities.bytes(name, value));
      case "--threads" -> options.threads(Quantities.count(name, value));
      case "--timeout" -> options.timeout(Quantities.time(name, value));
      default -> options.spillFolder(Path.of(value));
    };
  }
}
