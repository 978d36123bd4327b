package dev.tarn.cli;

import dev.tarn.Tarn;
import dev.tarn.cli.terminal.Terminals;
import dev.tarn.duckdb.DriverLibrary;
import dev.tarn.redis.Redis;
import dev.tarn.redis.ServerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code tarn doctor}: whether all that Tarn needs is there; ends with 1 where something is not.
 */
final class DoctorCommand implements Command {

  private static final long LITTLE_SPACE = 10_000_000_000L;

  private enum Verdict {
    OK,
    WARN,
    FAIL
  }

  private record Finding(Verdict verdict, String what, String text) {
    String line() {
      return "%-4s  %-10s  %s"
          .formatted(verdict.name().toLowerCase(java.util.Locale.ROOT), what, text);
    }
  }

  private interface Check {
    Finding run() throws IOException;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description("Check that all that Tarn needs is there.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    var findings = new ArrayList<Finding>();
    findings.add(ok("tarn", VersionCommand.version()));
    findings.add(checked("java", DoctorCommand::java));
    Context plain = context.withoutRedis();
    findings.addAll(engine(plain));
    findings.add(checked("spill", () -> spill(context)));
    findings.add(checked("arrow", DoctorCommand::arrow));
    findings.addAll(lake(plain));
    findings.addAll(redis(context));
    findings.add(checked("terminal", DoctorCommand::terminal));
    for (Finding finding : findings) {
      context.print(finding.line());
    }
    return findings.stream().anyMatch(f -> f.verdict == Verdict.FAIL)
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  private static Finding java() {
    String text =
        "%s, %s, heap up to %s, %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                gigabytes(Runtime.getRuntime().maxMemory()),
                System.getProperty("java.home"));
    return Runtime.version().feature() >= 25
        ? ok("java", text)
        : new Finding(Verdict.FAIL, "java", text + ": Tarn needs 25 or later");
  }

  private static List<Finding> engine(Context context) {
    var findings = new ArrayList<Finding>();
    try {
      context.withoutLake(tarn -> {
        findings.add(ok("engine", "DuckDB " + value(tarn, "version()")));
        findings.add(library());
        findings.add(
            ok(
                "memory",
                "engine up to %s, %s threads, %d cores"
                    .formatted(
                        value(tarn, "current_setting('memory_limit')"),
                        value(tarn, "current_setting('threads')"),
                        Runtime.getRuntime().availableProcessors())));
        findings.add(timeZone(String.valueOf(value(tarn, "current_setting('TimeZone')"))));
        return ExitCode.DONE;
      });
    } catch (RuntimeException | LinkageError | IOException e) {
      findings.add(new Finding(Verdict.FAIL, "engine", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static Object value(Tarn tarn, String expression) {
    return Objects.requireNonNull(tarn.sql("SELECT " + expression).collect().value());
  }

  private static Finding library() throws IOException {
    return DriverLibrary.unpacked()
        .map(file -> ok("library", file.toString()))
        .orElseGet(() -> warn("library", "unpacked from the driver's jar at every start"));
  }

  /** They may differ: the engine has its own for times with a zone. */
  private static Finding timeZone(String engine) {
    return ok(
        "time zone",
        "%s in Java, %s in the engine".formatted(ZoneId.systemDefault().getId(), engine));
  }

  private static Finding spill(Context context) throws IOException {
    Path folder =
        context
            .engineOptions()
            .spillFolder()
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    Files.createDirectories(folder);
    Path probe = Files.createTempFile(folder, "tarn-doctor-", "");
    Files.delete(probe);
    long free = Files.getFileStore(folder).getUsableSpace();
    String text = "%s, %s free".formatted(folder, gigabytes(free));
    return free < LITTLE_SPACE
        ? warn("spill", text + ": little for queries that do not fit in memory; see --spill")
        : ok("spill", text);
  }

  /** Nothing where there is no lake, as it is not needed. */
  private static List<Finding> lake(Context context) {
    var findings = new ArrayList<Finding>();
    try {
      if (context.hasLake()) {
        context.withLake(tarn -> {
          int datasets = tarn.lake().datasets().size();
          String count = datasets == 1 ? "1 dataset" : datasets + " datasets";
          findings.add(ok("lake", "%s, %s".formatted(context.lakeName(), count)));
          return ExitCode.DONE;
        });
      }
    } catch (RuntimeException | LinkageError | IOException e) {
      findings.add(new Finding(Verdict.FAIL, "lake", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  /** Nothing where none is named, as it is not needed. */
  private static List<Finding> redis(Context context) {
    var findings = new ArrayList<Finding>();
    if (!context.namesRedis()) {
      return findings;
    }
    try {
      context.withoutLake(tarn -> {
        Redis redis = context.redis(tarn, options -> options.retryFor(Duration.ZERO));
        findings.add(ok("redis", "%s, %s".formatted(redis, about(redis.serverInfo()))));
        return ExitCode.DONE;
      });
    } catch (RuntimeException | LinkageError | IOException e) {
      findings.add(new Finding(Verdict.FAIL, "redis", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static String about(ServerInfo server) {
    return "%s%s, %s"
        .formatted(
            server.version(),
            server.primaries() > 1 ? ", %d primaries".formatted(server.primaries()) : "",
            server.hasSearch() ? "search module" : "no search module");
  }

  private static Finding arrow() {
    try {
      Class.forName("org.apache.arrow.c.Data");
      return ok("arrow", "on the class path: Arrow files can be read");
    } catch (ClassNotFoundException e) {
      return warn("arrow", "not on the class path: Arrow files cannot be read");
    }
  }

  private static Finding terminal() {
    return ok(
        "terminal",
        "standard output %s, standard error %s, TERM=%s"
            .formatted(
                Terminals.isTerminal(Terminals.OUT) ? "is one" : "is none",
                Terminals.isTerminal(Terminals.ERR) ? "is one" : "is none",
                Objects.requireNonNullElse(System.getenv("TERM"), "(unset)")));
  }

  private static Finding checked(String what, Check check) {
    try {
      return check.run();
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Finding(Verdict.FAIL, what, e.toString());
    }
  }

  private static Finding ok(String what, String text) {
    return new Finding(Verdict.OK, what, text);
  }

  private static Finding warn(String what, String text) {
    return new Finding(Verdict.WARN, what, text);
  }

  private static String gigabytes(long bytes) {
    return "%.1f GB".formatted(bytes / 1e9);
  }
}
